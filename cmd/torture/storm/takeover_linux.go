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
	// Saved votes were acknowledged when the hub died; Unpromised ones too, but while its
	// backup was behind, which it says. Saving is after what time the last
	// page was told again that something is saved.
	Saved, Unpromised int
	Saving            time.Duration
	// Back is after what time the killed laptop, started again, was in step.
	Back time.Duration
}

// Laptop is one of two that hold a session: a Device, or a Program.
type Laptop interface {
	Name() string
	// Web is where it answers phones.
	Web() string
	Start() error
	// Began is when it was there, Found when it had found another one of that name.
	Began() time.Time
	Found(name string) (time.Time, bool)
	Kill()
	Stop() error
	// InStep says whether the other one follows this one and lacks nothing.
	InStep() (bool, error)
	// Promised gives until when, up to a moment, it waited for the other one before it
	// told phones that something is saved.
	Promised(moment time.Time) time.Time
	TakeOver() error
	// Digest and Holds give the sum of the state, and the ids of all votes, while it runs.
	Digest() (string, error)
	Holds() (map[string]bool, error)
	// Read reads its file; it must not run.
	Read() (*Record, error)
	Said() string
}

// Takeovers is a session whose hub is killed again and again: the backup takes over, the
// killed laptop comes back as its backup, and then it is the other one's turn.
type Takeovers struct {
	Falls   []Fall
	Laptops [2]Laptop

	sea   *Sea
	pages *opened
	lead  int // number of the laptop that leads
}

// NewTakeovers starts laptops, tablets and pages; a page is at one laptop or the other.
// path is that of folkmootd, or empty for laptops that are Devices.
func NewTakeovers(ctx context.Context, s *Sea, path string) (*Takeovers, error) {
	k := &Takeovers{sea: s, Laptops: [2]Laptop{s.Hubs[0], s.Hubs[1]}}
	var err error
	if path != "" {
		k.Laptops = s.NewPrograms(path)
		err = startPrograms(k.Laptops)
	} else if err = s.Start(); err == nil {
		_, err = s.Meet(ctx)
	}
	if err == nil && s.Spec.Far {
		err = s.depart(ctx)
	}
	if err == nil {
		err = k.inStep(ctx)
	}
	for _, d := range s.Tablets {
		if err == nil {
			err = d.Vote()
		}
	}
	if err != nil {
		k.kill()
		return nil, err
	}
	k.pages = s.open(ctx)
	if err := k.joined(ctx); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

// Close lets the pages go and kills what still runs.
func (k *Takeovers) Close() {
	k.pages.close()
	k.kill()
}

func (k *Takeovers) kill() {
	for _, l := range k.Laptops {
		l.Kill()
	}
}

// joined waits until every page is in and knows both laptops: a page that was never let
// in has nothing to go on with.
func (k *Takeovers) joined(ctx context.Context) error {
	limit := time.Now().Add(stepWithin)
	for _, p := range k.sea.Pages {
		for !p.Settled(len(k.Laptops)) {
			if time.Now().After(limit) {
				return fmt.Errorf("%s has saved nothing yet, or does not know both hubs", p.name)
			}
			if !pause(ctx, 10*time.Millisecond) {
				return ctx.Err()
			}
		}
	}
	return nil
}

// inStep waits until the laptop that leads says that its backup is in step.
func (k *Takeovers) inStep(ctx context.Context) error {
	limit := time.Now().Add(stepWithin)
	for {
		ok, err := k.Laptops[k.lead].InStep()
		if ok || err != nil {
			return err
		}
		if time.Now().After(limit) {
			return fmt.Errorf("after %v the backup of %s is not in step", stepWithin, k.Laptops[k.lead].Name())
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
	dead, backup := k.Laptops[k.lead], k.Laptops[1-k.lead]
	k.sea.part() // what is still on its way to the backup does not get there
	dead.Kill()
	killed := time.Now()
	fall := Fall{}
	var wrong []error
	promised := k.sea.Ledger.SavedBefore(dead.Promised(killed))
	lost, err := k.lacking(backup, promised)
	if err != nil {
		return err
	}
	fall.Saved, fall.Unpromised = len(promised), len(k.sea.Ledger.SavedBefore(killed))-len(promised)
	if len(lost) > 0 {
		wrong = append(wrong, fmt.Errorf("%d of %d acknowledged votes are not on %s, the first %s", len(lost), fall.Saved, backup.Name(), lost[0]))
	}
	if fall.Saving, err = k.saving(ctx, killed, dead.Web()); err != nil {
		wrong = append(wrong, err)
	}
	if err := backup.TakeOver(); err != nil {
		return err
	}
	k.sea.meetAgain()
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
func (k *Takeovers) lacking(d Laptop, votes []oplog.ItemID) (lost []oplog.ItemID, err error) {
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
	agreed, err := k.same(ctx)
	wrong = append(wrong, err)
	k.pages.close()
	for _, l := range k.Laptops {
		wrong = append(wrong, l.Stop())
	}
	for _, d := range k.sea.Tablets {
		wrong = append(wrong, d.Stop())
	}
	all := k.Laptops[:]
	for _, d := range k.sea.Tablets {
		all = append(all, d)
	}
	_, err = k.sea.judge(all, agreed)
	for _, p := range k.sea.Pages {
		wrong = append(wrong, p.Kept())
	}
	return errors.Join(append(wrong, err)...)
}

// same waits until all say the same digest, and gives it.
func (k *Takeovers) same(ctx context.Context) (agreed string, err error) {
	all := k.Laptops[:]
	for _, d := range k.sea.Tablets {
		all = append(all, d)
	}
	for limit := time.Now().Add(sameWithin); ; {
		digests := map[string]string{}
		for _, l := range all {
			digest, err := l.Digest()
			if err != nil {
				return "", err
			}
			agreed, digests[digest] = digest, l.Name()
		}
		if len(digests) == 1 {
			return agreed, nil
		}
		if time.Now().After(limit) {
			return "", fmt.Errorf("after %v there are %d digests: %v", sameWithin, len(digests), digests)
		}
		if !pause(ctx, 50*time.Millisecond) {
			return "", ctx.Err()
		}
	}
}
