package command_test

import (
	"context"
	"fmt"
	"testing"
	"time"
	"os"
	"path/filepath"

	"folkmoot/app/readmodel"
)

func TestMeasure(t *testing.T) {
	data := t.TempDir()
	d := newDesk(t, data)
	ctx := context.Background()
	for i := range 49 {
		id, err := d.Make(ctx, readmodel.Wish{Title: fmt.Sprint("S", i), Lang: "en", Template: "opinion", Statements: []string{"A.", "B.", "C."}})
		if err != nil { t.Fatal(err) }
		_ = id
	}
	start := time.Now()
	b, err := d.Import(ctx, polisExport(t, 16700), nil)
	if err != nil { t.Fatal(err) }
	t.Log("import of", b.Votes, "votes", time.Since(start))
	files, _ := filepath.Glob(filepath.Join(data, "*.folkmoot"))
	old := time.Now().Add(-time.Hour)
	for _, f := range files { os.Chtimes(f, old, old) }
	for range 3 {
		start = time.Now()
		n := len(cards(t, d))
		t.Log(n, "cards", time.Since(start))
	}
	s := open(t, d, b.ID)
	start = time.Now()
	s.Sheet()
	t.Log("sheet", time.Since(start))
	start = time.Now()
	done, err := s.Pack(ctx, readmodel.PackWish{Folder: t.TempDir()})
	t.Log("pack", time.Since(start), err)
	s.Close()
	there := newDesk(t, t.TempDir())
	start = time.Now()
	b, err = there.Import(ctx, done.Folder, nil)
	t.Log("bring back", time.Since(start), b.Votes, err)
}
func TestMeasureRoom(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	id, _ := d.Sample(ctx)
	s := open(t, d, id)
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	go s.Crowd(ctx, 1000)
	until := follow(s)
	until(func(sh *readmodel.Sheet) bool { return sh.Wall.Here > 900 })
	for range 3 {
	start := time.Now()
	sh := s.Sheet()
	t.Log("sheet of", len(sh.People), time.Since(start)) }
}
