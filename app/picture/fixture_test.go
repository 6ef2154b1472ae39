package picture_test

import (
	"encoding/binary"
	"image"
	"math/rand/v2"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// scene gives a made-up map: people around the middles of groups (0 for no groups), laid
// out by readmodel as any map is. One mark in six stands between groups, one in five is uncertain.
func scene(t testing.TB, seed uint64, people, groups int) *readmodel.Scene {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	spread := func() float64 { return random.Float64() + random.Float64() + random.Float64() - 1.5 }
	middles := make([][2]float64, max(1, groups))
	for i := range middles {
		middles[i] = [2]float64{3 * spread(), 2 * spread()}
	}
	var matrix readmodel.PolisMatrix
	var m opinion.PolisMap
	for g := range groups {
		m.Groups = append(m.Groups, opinion.PolisCluster{ID: g})
	}
	for i := range people {
		id := moot.ParticipantID{1}
		binary.BigEndian.PutUint32(id[1:], uint32(i))
		matrix.People = append(matrix.People, &moot.Person{ID: id})
		g := i % len(middles)
		m.Participants, m.InConversation = append(m.Participants, i), append(m.InConversation, i)
		m.Positions = append(m.Positions, [2]float64{middles[g][0] + spread(), middles[g][1] + spread()})
		if groups > 0 {
			m.Groups[g].Members = append(m.Groups[g].Members, i)
		}
	}
	s := readmodel.PolisScene(matrix, m)
	if s == nil {
		t.Fatal("no scene")
	}
	for i := range s.Marks {
		s.Marks[i].Between = i%6 == 2
		if i%5 == 1 {
			s.Marks[i].Spread = 0.02 + 0.03*random.Float64()
		}
	}
	return s
}

// drawn gives a picture of a scene as the program makes it.
func drawn(s *readmodel.Scene, lang string, palette picture.Palette) picture.Picture {
	made := map[string]string{"en": "Folkmoot 1.0.0 · engine folkmoot 1 · seed 1", "zh-Hant": "Folkmoot 1.0.0，引擎 folkmoot 1，種子 1"}
	p := picture.Picture{Scene: s, Lang: lang, Palette: palette, Made: made[lang], Spoken: "A map."}
	if s != nil {
		p.Head = map[string]string{"en": "Opinion map · 138 of 339 people · Not reliable yet", "zh-Hant": "意見地圖 · 339 人中的 138 人 · 還不可靠"}[lang]
	}
	return p
}

func painted(p picture.Picture, width int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, width*4/5))
	picture.PaintScene(img, p)
	return img
}
