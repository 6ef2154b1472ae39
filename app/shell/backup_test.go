package shell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/assets/words"
)

const stick = "/media/facilitator/USB"

// backupStates are how backups can stand, with a key of what must be read.
func backupStates(now uint64) map[string]struct {
	backups readmodel.Backups
	want    string
} {
	two := now - 2*60_000 - 1
	absent := &readmodel.Trouble{Key: "backup.absent", Args: look.Args{"Folder": stick}}
	full := &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": "/home/facilitator/.local/share/folkmoot/backup/0c9a1f7ab2c34d5e8f90a1b2c3d4e5f6"}}
	return map[string]struct {
		backups readmodel.Backups
		want    string
	}{
		"none":    {readmodel.Backups{}, "backup.none"},
		"working": {readmodel.Backups{Working: true, Last: two, Places: 1}, "backup.working"},
		"fine":    {readmodel.Backups{Last: two, Places: 2, Second: stick}, "backup.second_end"},
		"partly":  {readmodel.Backups{Last: two, Places: 1, Second: stick, SecondTrouble: absent}, "backup.see"},
		"wrong":   {readmodel.Backups{Trouble: full, Second: stick, SecondTrouble: absent}, "backup.wrong"},
	}
}

// The place of the backups, in every state, language, theme and size.
func TestBackupScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			room := fullRoom(t, 12)
			s, f := inSession(t, lang, dark, room)
			for name, c := range backupStates(room.Now) {
				f.session.backups = readmodel.Backups{}
				f.session.push()
				tap(t, s, say(lang, "host.settings"))
				f.session.backups = c.backups
				f.session.push()
				for i, size := range sizes {
					if dark && i != 1 {
						continue
					}
					s.Window().Resize(size)
					for _, place := range []string{"host.settings", "backup.title"} {
						tap(t, s, say(lang, place))
						for _, line := range blemishes(s.Window()) {
							t.Errorf("%s %s at %.0f: %s", name, lang, size.Width, line)
						}
					}
					if name != "partly" {
						reads(t, s, say(lang, c.want), true)
					}
					for _, trouble := range c.backups.Troubles() {
						reads(t, s, look.Typeset(words.Text(lang, trouble.Key, trouble.Args)), true)
					}
					picture(t, s, fmt.Sprintf("desk-backup-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
				}
			}
		}
	}
}

// A backup that goes wrong is said once, wherever one looks, with the way to it; what
// comes right takes it away.
func TestBackupTroubleIsSaid(t *testing.T) {
	room := fullRoom(t, 12)
	s, f := inSession(t, "en", false, room)
	f.session.backups = backupStates(room.Now)["fine"].backups
	f.session.push()
	reads(t, s, "Last backup 2 minutes ago, in 2 places", true)
	f.session.backups = backupStates(room.Now)["partly"].backups
	f.session.push()
	reads(t, s, "Is the USB stick in?", true)
	tap(t, s, say("en", "page.close"))
	f.session.push()
	if strings.Contains(drawn(s), say("en", "backup.see")) {
		t.Error("it is said again")
	}
	f.session.backups = backupStates(room.Now)["fine"].backups
	f.session.push()
	f.session.backups = backupStates(room.Now)["partly"].backups
	f.session.push()
	tap(t, s, say("en", "backup.see"))
	reads(t, s, say("en", "backup.second_help"), true)
	f.session.backups = backupStates(room.Now)["fine"].backups
	f.session.push()
	reads(t, s, "Is the USB stick in?", false)
}

func TestBackUpNow(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "backup.title"))
	f.session.backups = readmodel.Backups{Last: 1, Places: 2, Second: stick}
	f.session.push()
	tap(t, s, say("en", "backup.now"))
	if f.session.backedUp != 1 {
		t.Errorf("%d backups", f.session.backedUp)
	}
	reads(t, s, "Backup written and checked, in 2 places.", true)
	tap(t, s, say("en", "backup.second_end"))
	if !slices.Equal(f.session.seconds, []string{""}) {
		t.Errorf("the second folder: %q", f.session.seconds)
	}
	f.session.unbacked = &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": stick}}
	tap(t, s, say("en", "backup.now"))
	reads(t, s, "There is no room for a backup in "+stick, true)
}

// Leaving waits for the last backup and says that it was written; where none can be, its
// person decides.
func TestLeavingBacksUp(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.unbacked = &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": "/data"}}
	tap(t, s, say("en", "desk.home"))
	if f.session.closed {
		t.Fatal("left without a backup, and without asking")
	}
	reads(t, s, say("en", "backup.unbacked"), true)
	reads(t, s, "There is no room for a backup in /data", true)
	for _, size := range sizes {
		s.Window().Resize(size)
		for _, line := range blemishes(s.Window()) {
			t.Error(line)
		}
	}
	picture(t, s, "desk-backup-unbacked-en", false)
	press(s, fyne.KeyEscape)
	f.session.unbacked, f.session.backups = nil, readmodel.Backups{Last: 1, Places: 1}
	tap(t, s, say("en", "desk.home"))
	if !f.session.closed || f.session.backedUp != 2 {
		t.Errorf("closed %v after %d backups", f.session.closed, f.session.backedUp)
	}
	reads(t, s, "Backup written and checked, in 1 place.", true)
}

func TestLeavingWithoutABackup(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.unbacked = &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": "/data"}}
	tap(t, s, say("en", "desk.home"))
	tap(t, s, say("en", "desk.leave_go"))
	if !f.session.closed {
		t.Error("it cannot be left")
	}
}

// Closing the window waits for the last backup as well; where none can be written its
// person is asked, and a second press does not wait.
func TestClosingTheWindowBacksUp(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.unbacked = &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": "/data"}}
	s.PressClose()
	if s.Ended() || f.session.backedUp != 1 {
		t.Fatalf("closed %v after %d tries", s.Ended(), f.session.backedUp)
	}
	reads(t, s, say("en", "backup.unbacked"), true)
	press(s, fyne.KeyEscape)
	f.session.unbacked = nil
	s.PressClose()
	if !s.Ended() || f.session.backedUp != 2 {
		t.Errorf("closed %v after %d tries", s.Ended(), f.session.backedUp)
	}
}

func TestClosingTheWindowWithoutABackup(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.unbacked = &readmodel.Trouble{Key: "backup.no_room", Args: look.Args{"Folder": "/data"}}
	s.PressClose()
	tap(t, s, say("en", "desk.quit_go"))
	if !s.Ended() {
		t.Error("it cannot be closed")
	}
}

func TestClosingTheWindowTwiceDoesNotWait(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.meanwhile = s.PressClose // while the backup is written
	s.PressClose()
	if !s.Ended() || f.session.backedUp != 1 {
		t.Errorf("closed %v after %d tries", s.Ended(), f.session.backedUp)
	}
}

func TestClockJumpIsSaid(t *testing.T) {
	s, f := inSession(t, "en", false, newRoom(t, "T"))
	f.session.jump = &readmodel.ClockJump{By: -3 * 60 * 60_000, At: 5}
	f.session.push()
	reads(t, s, "clock was set 180 minutes back", true)
	tap(t, s, say("en", "page.close"))
	f.session.push()
	reads(t, s, "clock was set 180 minutes back", false)
	f.session.jump = &readmodel.ClockJump{By: 12 * 60_000, At: 6}
	f.session.push()
	reads(t, s, "went 12 minutes forward", true)
	for _, line := range blemishes(s.Window()) {
		t.Error(line)
	}
	picture(t, s, "desk-clock-en", false)
}

// backupFiles are backups as the list of them has them.
var backupFiles = []readmodel.BackupFile{
	{Path: "/b/1", Title: "多元利害關係人治理：我們怎麼一起決定河岸的用法？", Made: readmodeltest.Start, Entries: 1203},
	{Path: "/b/2", Title: "The riverside: cars, trees and benches", Made: readmodeltest.Start - 9_000_000, Entries: 1, Here: true},
}

func TestRestoreScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			for _, size := range sizes {
				s, f := desk(t, lang, dark, newRoom(t, "T"))
				s.Window().Resize(size)
				check := func(name string) {
					t.Helper()
					for _, line := range blemishes(s.Window()) {
						t.Errorf("%s %s at %.0f: %s", name, lang, size.Width, line)
					}
					picture(t, s, fmt.Sprintf("desk-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
				}
				tap(t, s, say(lang, "backup.restore"))
				reads(t, s, say(lang, "backup.no_files"), true)
				check("restore-empty")
				press(s, fyne.KeyEscape)
				f.backups = backupFiles
				tap(t, s, say(lang, "backup.restore"))
				check("restore")
				press(s, fyne.KeyEscape)
				f.cards = []readmodel.Card{{ID: "04", Backup: "/b/1", Trouble: &readmodel.Trouble{Key: "desk.unreadable_backup", Args: look.Args{"Time": "2026-06-14 14:32", "N": 1203}}}}
				s.Refresh()
				check("restore-damaged")
			}
		}
	}
}

func TestRestoreFromTheList(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	f.backups = backupFiles
	f.brought = readmodel.Brought{ID: "made", Title: "Riverside", Notes: []readmodel.Sentence{{ID: "backup.restored", Args: map[string]string{"Time": "2026-06-14 14:32", "N": "1,203"}}}}
	tap(t, s, say("en", "backup.restore"))
	here := button(t, s, look.Typeset(backupFiles[1].Title+" · "+words.Text("en", "backup.here_short", nil)))
	if !here.Disabled() {
		t.Error("a session that is here can be restored")
	}
	for _, b := range buttons(s) {
		if strings.HasPrefix(b.Text(), "多元利害關係人") {
			b.Tapped(nil)
		}
	}
	if !slices.Equal(f.broughtBack, []string{"/b/1"}) {
		t.Fatalf("restored %q", f.broughtBack)
	}
	reads(t, s, "Brought back as it was at 2026-06-14 14:32, with 1,203 entries.", true)
	tap(t, s, say("en", "desk.imported_open"))
	reads(t, s, say("en", "host.agenda"), true)
}

func TestRestoreFails(t *testing.T) {
	s, f := desk(t, "en", false, newRoom(t, "T"))
	tap(t, s, say("en", "backup.restore"))
	lastEntry(t, s).SetText(" /media/x ")
	f.fails = &readmodel.Trouble{Key: "backup.no_backup"}
	tap(t, s, say("en", "backup.restore_go"))
	if !slices.Equal(f.broughtBack, []string{"/media/x"}) {
		t.Errorf("restored %q", f.broughtBack)
	}
	reads(t, s, say("en", "backup.no_backup"), true)
	f.fails = nil
	f.cards = []readmodel.Card{{ID: "04", Backup: "/b/1", Trouble: &readmodel.Trouble{Key: "desk.unreadable_backup", Args: look.Args{"Time": "14:32", "N": 3}}}}
	s.Refresh()
	tap(t, s, say("en", "backup.restore_this"))
	if !slices.Equal(f.broughtBack, []string{"/media/x", "/b/1"}) {
		t.Errorf("restored %q", f.broughtBack)
	}
}
