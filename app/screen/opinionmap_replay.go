package screen

import (
	"math"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// playTime is how long the whole replay takes.
const playTime = 10 * time.Second

// mapReplay lets the facilitator go through the session's past. Its frames are made beside
// the window when they are first wanted; all else on the screen stays that of now.
type mapReplay struct {
	// Slider chooses a time, Play goes through all of them, Back returns to now; Cancel
	// gives up waiting for the frames.
	Slider             *look.Slider
	Play, Back, Cancel *look.Button
	// OnFrames is called to have the frames made: Take is their answer. OnCancel is called
	// where they are no longer wanted. Without OnFrames there is no replay.
	OnFrames, OnCancel func()

	of      *OpinionMap
	frames  []readmodel.Frame
	votes   int  // of the session when the frames were asked for
	at      int  // the frame that is shown, -1 for now
	making  bool // the frames are on their way
	done    int  // how many of all there are
	all     int  // 0: not known
	plays   bool // to be played when they are there
	running *fyne.Animation
	start   func(*fyne.Animation)

	first *look.Text
	track *fyne.Container // the slider between when it begins and now
}

func (r *mapReplay) make(v *OpinionMap) {
	s := v.style
	r.of, r.at, r.start = v, -1, (*fyne.Animation).Start
	r.Slider = look.NewSlider(s, 0, r.moved)
	r.Play = look.NewButton(s, s.Say("desk.replay_play"), look.Choice, r.play)
	r.Back = look.NewButton(s, s.Say("desk.replay_back"), look.Outline, r.back)
	r.Back.Low()
	r.Cancel = look.NewButton(s, s.Say("page.cancel"), look.Outline, r.back)
	r.Cancel.Low()
	quiet := look.TextOptions{Role: look.Quiet, Single: true}
	now := look.NewText(s, s.Say("desk.replay_now"), quiet)
	quiet.Align = fyne.TextAlignTrailing
	r.first = look.NewText(s, s.Say("desk.replay_first"), quiet)
	first := look.Sized(fyne.NewSize(mapClockWidth(s), r.first.MinSize().Height), r.first)
	r.track = &fyne.Container{Layout: mapTrack{}, Objects: []fyne.CanvasObject{first, r.Slider, now}}
	r.hide(true)
}

// hide takes the replay away: what cannot be seen must not be moved by keys either.
func (r *mapReplay) hide(hidden bool) {
	r.Play.Hidden, r.track.Hidden = hidden, hidden
	r.Slider.Enable(!hidden)
}

func (r *mapReplay) take(other *mapReplay) {
	r.frames, r.votes = other.frames, other.votes
	other.leave()
}

// Escape returns to now, or to the whole map where it is enlarged and nothing is replayed.
func (v *OpinionMap) Escape() {
	if r := &v.Replay; r.replaying() || r.making || r.running != nil {
		v.Leave()
		return
	}
	v.Map.Reset()
}

// Leave returns to now and stops everything, since nobody looks at the screen any more.
func (v *OpinionMap) Leave() {
	if r := &v.Replay; r.replaying() || r.making || r.running != nil {
		r.leave()
		v.fill()
	}
}

func (r *mapReplay) leave() {
	r.pause()
	if r.making {
		r.making, r.plays = false, false
		if r.OnCancel != nil {
			r.OnCancel()
		}
	}
	r.at = -1
	r.Slider.Set(r.Slider.Last(), r.Slider.Last())
	if r.of.sheet != nil {
		r.follow()
	}
}

// back returns to now, at the wish of its person.
func (r *mapReplay) back() { r.of.Leave() }

// follow keeps the slider in step with the session while nobody goes through its past.
func (r *mapReplay) follow() {
	if r.replaying() || r.making {
		return
	}
	votes := r.of.sheet.Findings.Votes
	if r.frames != nil && (votes-r.votes > readmodel.Batch || votes < r.votes) {
		r.frames = nil
	}
	last := max(0, readmodel.ReplayLength(votes)-1)
	if r.frames != nil {
		last = len(r.frames) - 1
	}
	r.Slider.Set(last, last)
}

// replaying says whether the past is shown, or is about to be.
func (r *mapReplay) replaying() bool { return r.at >= 0 }

// shown gives the map to be shown: a frame's, or that of now.
func (r *mapReplay) shown() *readmodel.MapForRoom {
	if r.replaying() {
		return r.frames[r.at].Map
	}
	return r.of.sheet.Map
}

// moved is called when its person moves the slider.
func (r *mapReplay) moved(at int) {
	r.pause()
	r.plays = false
	r.to(at)
}

// to shows the frame at a step of the slider, or waits for it.
func (r *mapReplay) to(at int) {
	switch {
	case at == r.Slider.Last():
		r.at = -1
	case r.frames == nil:
		r.ask()
	default:
		r.at = at
	}
	r.of.fill()
}

func (r *mapReplay) ask() {
	if r.making || r.OnFrames == nil {
		return
	}
	r.making, r.done, r.all, r.votes = true, 0, 0, r.of.sheet.Findings.Votes
	r.OnFrames()
}

// Making says how many of the frames there are.
func (r *mapReplay) Making(done, all int) {
	if r.making {
		r.done, r.all = done, all
		r.of.fill()
	}
}

// Take takes the frames; none where they could not be made.
func (r *mapReplay) Take(frames []readmodel.Frame) {
	if !r.making {
		return
	}
	r.making = false
	if len(frames) < 2 {
		r.leave()
		r.of.fill()
		return
	}
	share := float64(r.Slider.At()) / float64(max(1, r.Slider.Last()))
	r.frames = frames
	last := len(frames) - 1
	r.Slider.Set(int(math.Round(share*float64(last))), last)
	if r.plays {
		r.plays = false
		r.begin(0)
		return
	}
	r.to(r.Slider.At())
}

// play goes through all frames, from the one that is shown, or stops there.
func (r *mapReplay) play() {
	switch {
	case r.running != nil:
		r.pause()
		r.of.fill()
	case r.frames == nil:
		r.Slider.Set(0, r.Slider.Last())
		r.plays = true
		r.to(0)
	default:
		r.begin(max(0, r.at))
	}
}

func (r *mapReplay) begin(from int) {
	last := len(r.frames) - 1
	r.running = fyne.NewAnimation(playTime*time.Duration(last-from)/time.Duration(last), func(t float32) {
		if r.running == nil {
			return
		}
		if t >= 1 {
			r.running = nil
		}
		at := from + int(t*float32(last-from))
		r.Slider.Set(at, last)
		r.to(at)
	})
	r.running.Curve = fyne.AnimationLinear
	r.start(r.running)
}

func (r *mapReplay) pause() {
	if r.running != nil {
		r.running.Stop()
		r.running = nil
	}
}

// fill says whether it changed anything.
func (r *mapReplay) fill() bool {
	s := r.of.style
	first, name := r.began(), "desk.replay_play"
	if r.running != nil {
		name = "desk.replay_pause"
	}
	hidden := r.OnFrames == nil || mapScene(r.of.sheet.Map) == nil || r.Slider.Last() == 0 || r.of.asTable()
	if r.first.Text() == first && r.Play.Text() == s.Say(name) && r.track.Hidden == hidden {
		return false
	}
	r.first.Set(first)
	r.Play.Set(s.Say(name), "", look.Choice)
	r.hide(hidden)
	return true
}

// said says of which time the map is, "" for now.
func (r *mapReplay) said() string {
	if !r.replaying() {
		return ""
	}
	return r.of.style.Say("desk.replay_at", look.Args{"Time": r.clock(r.at), "N": r.frames[r.at].Votes})
}

// working says what its person waits for, "" for nothing.
func (r *mapReplay) working() string {
	if !r.making || r.all == 0 {
		return ""
	}
	s := r.of.style
	return mapParagraph(s, []string{s.Say("desk.replay_making"), s.Say("desk.replay_done", look.Args{"Done": r.done, "All": r.all})})
}

// note is what stands above the map while the past is shown, or being made.
func (r *mapReplay) note(now mapTitle) fyne.CanvasObject {
	text, button := now.past, r.Back
	if now.making != "" {
		text, button = now.making, r.Cancel
	}
	return look.NewNote(r.of.style, look.Row(2*look.Gap, 0, look.NewText(r.of.style, text, look.TextOptions{Role: look.OnWaiting}), button))
}

// began says when the past begins: at the first frame, as long as there is none where the
// voting was started.
func (r *mapReplay) began() string {
	if r.frames != nil {
		return r.clock(0)
	}
	for _, step := range r.of.sheet.Steps {
		if step.Kind == "opinion" && step.Started > 0 {
			return mapClock(r.of.style, step.Started, step.Started, r.of.sheet.Now)
		}
	}
	return r.of.style.Say("desk.replay_first")
}

// clock gives the time of a frame.
func (r *mapReplay) clock(frame int) string {
	return mapClock(r.of.style, r.frames[frame].At, r.frames[0].At, r.frames[len(r.frames)-1].At)
}

// mapClock gives a time as a clock shows it, with its day where first and last are of two.
func mapClock(s look.Style, at, first, last uint64) string {
	when := func(ms uint64) time.Time { return time.UnixMilli(int64(ms)) }
	if a, b := when(first), when(last); a.Year() != b.Year() || a.YearDay() != b.YearDay() {
		return mapDay(s, when(at))
	}
	return when(at).Format("15:04")
}

// mapDay gives a time with its day; the text of the catalogue is an example for package time.
func mapDay(s look.Style, at time.Time) string { return at.Format(s.Say("desk.replay_day") + " 15:04") }

// mapClockWidth is as wide as any text that says when the past begins, so that the slider
// keeps its place while it is dragged.
func mapClockWidth(s look.Style) float32 {
	wide := look.MeasureText(s.Say("desk.replay_first"), look.Body, false).Width
	for month := range 12 {
		day := mapDay(s, time.Date(2000, time.Month(month+1), 28, 20, 48, 0, 0, time.UTC))
		wide = max(wide, look.MeasureText(day, look.Body, false).Width)
	}
	return wide + look.Gap
}
