package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// A disk that does not do well is spoken of on every screen until it does, with what to do.
func TestDiskStrip(t *testing.T) {
	const folder = "/home/facilitator/.local/share/folkmoot"
	disks := map[string]*readmodel.Disk{"low": readmodel.NewDisk(300<<20, folder, false, false), "read_only": readmodel.NewDisk(1<<40, folder, false, true)}
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			s, f := inSession(t, lang, dark, fullRoom(t, 48))
			for name, disk := range disks {
				f.session.disk = disk
				f.session.push()
				trouble := disk.Trouble()
				want := look.Typeset(words.Text(lang, trouble.Key, trouble.Args))
				for _, place := range places[:5] {
					for i, size := range sizes {
						if dark && i != 1 {
							continue // a colour has no size
						}
						s.Window().Resize(size)
						place.go_(t, s, lang)
						for _, line := range blemishes(s.Window()) {
							t.Errorf("%s, %s at %.0f: %s", name, place.name, size.Width, line)
						}
						if !strings.Contains(drawn(s), want) {
							t.Errorf("%s, %s: nothing says %q", name, place.name, want)
						}
						picture(t, s, fmt.Sprintf("desk-disk-%s-%s-%s-%.0fx%.0f", name, place.name, lang, size.Width, size.Height), dark)
					}
				}
			}
			f.session.disk = nil
			f.session.push()
			if strings.Contains(drawn(s), folder) {
				t.Error("a disk that does well again is still spoken of")
			}
		}
	}
}
