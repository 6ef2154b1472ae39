package storm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"folkmoot/sync/oplog"
)

const (
	// savingWithin is how soon after the hub's death every page has to be told again
	// that something is saved.
	savingWithin = 15 * time.Second
	// stepWithin is how soon a laptop that comes back has to be in step again.
	stepWithin = 30 * time.Second
	// A hub lives so long under load until it is killed.
	youngest, oldest = 500 * time.Millisecond, 2500 * time.Millisecond
)

// Fall is what became of one killing.
type Fall struct {
	// Saved votes were acknowledged when the hub died; Saving is after what time the last
	// page was told again that something is saved.
	Saved  int
	Saving time.Duration
	// Back is after what time the killed laptop, started again, was in step.
	Back time.Duration
}

// Takeovers is a session whose hub is killed again and again: the backup takes over, the
// killed laptop comes back as its backup, and then it is the other one's turn.
type Takeovers struct {
	Falls []Fall

	sea   *Sea
	pages *opened
	lead  int // number of the hub that leads
}

// NewTakeovers starts devices and pages, all pages at the first laptop.
func NewTakeovers(ctx context.Context, s *Sea) (*Takeovers, error) {
	if err := s.Start(); err != nil {
		return nil, err
	}
	if _, err := s.Meet(ctx); err != nil {
		return nil, err
	}
	k := &Takeovers{sea: s}
	if err := k.inStep(ctx); err != nil {
		return nil, err
	}
	for _, d := range s.Tablets {
		if err := d.Vote(); err != nil {
			return nil, err
		}
	}
	k.pages = s.open(ctx)
	return k, nil
}

// Close lets the pages go.
func (k *Takeovers) Close() { k.pages.close() }

// inStep waits until the laptop that leads says that its backup is in step.
func (k *Takeovers) inStep(ctx context.Context) error {
	limit := time.Now().Add(stepWithin)
	for {
		state, err := k.sea.Hubs[k.lead].State()
		if err != nil {
			return err
		}
		if state.Followers == 1 && state.Lacking == 0 {
			return nil
		}
		if time.Now().After(limit) {
			return fmt.Errorf("after %v the backup of %s is not in step: %+v", stepWithin, k.sea.Hubs[k.lead].Setup.Name, *state)
		}
		if !pause(ctx, 20*time.Millisecond) {
			return ctx.Err()
		}
	}
}

// Round kills the laptop that leads at a moment that the seed says, and looks: everything
// acknowledged is on the backup, all pages are soon saving again, and what they had is
// still there or saved. Then the killed one comes back.
func (k *Takeovers) Round(ctx context.Context, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 0x66616c6c))
	if !pause(ctx, youngest+time.Duration(random.Int64N(int64(oldest-youngest)))) {
		return ctx.Err()
	}
	dead, backup := k.sea.Hubs[k.lead], k.sea.Hubs[1-k.lead]
	base := "http://" + webAddress(dead)
	dead.Kill()
	killed := time.Now()
	fall := Fall{}
	var wrong []error
	lost, err := k.lacking(backup, k.sea.Ledger.SavedBefore(killed))
	if err != nil {
		return err
	}
	fall.Saved = len(k.sea.Ledger.SavedBefore(killed))
	if len(lost) > 0 {
		wrong = append(wrong, fmt.Errorf("%d of %d acknowledged votes are not on %s, the first %s", len(lost), fall.Saved, backup.Setup.Name, lost[0]))
	}
	if fall.Saving, err = k.saving(ctx, killed, base); err != nil {
		wrong = append(wrong, err)
	}
	if err := backup.TakeOver(); err != nil {
		return err
	}
	began := time.Now()
	if err := dead.Start(); err != nil {
		return err
	}
	k.lead = 1 - k.lead
	if err := k.inStep(ctx); err != nil {
		wrong = append(wrong, err)
	}
	fall.Back = time.Since(began)
	k.Falls = append(k.Falls, fall)
	return errors.Join(wrong...)
}

// lacking gives votes that a device's record does not hold.
func (k *Takeovers) lacking(d *Device, votes []oplog.ItemID) (lost []oplog.ItemID, err error) {
	holds, err := d.Holds()
	for _, cid := range votes {
		if err == nil && !holds[cid.String()] {
			lost = append(lost, cid)
		}
	}
	return lost, err
}

// saving waits until all pages were told, by somebody else than the dead hub, that
// something is saved, and gives after what time the last one was.
func (k *Takeovers) saving(ctx context.Context, killed time.Time, dead string) (time.Duration, error) {
	last := killed
	for _, p := range k.sea.Pages {
		for {
			at, ok := p.SavedAfter(killed, dead)
			if ok {
				last = later(last, at)
				break
			}
			if time.Since(killed) > savingWithin {
				return time.Since(killed), fmt.Errorf("%s is not saving %v after the hub was killed: %d votes wait, it is at %s", p.name, savingWithin, p.Waiting(), p.Base())
			}
			if !pause(ctx, 10*time.Millisecond) {
				return 0, ctx.Err()
			}
		}
	}
	return last.Sub(killed), nil
}

// Finish lets nobody vote any more, waits until all outboxes are empty and all devices
// the same, ends them, and holds their files against the ledger.
func (k *Takeovers) Finish(ctx context.Context) error {
	var wrong []error
	for _, p := range k.sea.Pages {
		p.Hush()
	}
	for _, d := range k.sea.Tablets {
		wrong = append(wrong, d.Hush())
	}
	for _, p := range k.sea.Pages {
		wrong = append(wrong, k.sea.drained(ctx, p))
	}
	_, err := k.sea.Same(ctx, sameWithin)
	k.Close()
	wrong = append(wrong, err, k.sea.Stop())
	_, err = k.sea.Judge()
	for _, p := range k.sea.Pages {
		wrong = append(wrong, p.Kept())
	}
	return errors.Join(append(wrong, err)...)
}
