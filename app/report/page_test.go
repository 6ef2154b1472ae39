package report_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
)

// planted is a room with three groups, a question, tables and a few traps in texts.
func planted(t testing.TB) *readmodeltest.Room {
	r := readmodeltest.New(t)
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "tictec-80", Title: "多元利害關係人治理", Fields: map[moot.Field]string{
		moot.Title.In("en"): "Governing <together>", moot.Organiser: "河岸社區協會", moot.Licence: "CC-BY-4.0", moot.About: "先談。\n再決定。",
		moot.Contact: "hello@example.org"}}, r.Now, r.IDs))
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	r.Rehearse(readmodel.Rehearsal{Seed: 4}, 42, 24)
	r.Statement(`<script>alert("1")</script> 也要看得到`)
	hidden := r.Statement("收起來的一則")
	r.Do(readmodel.Hide(r.View(), hidden, "重複", r.IDs))
	r.Do(readmodel.MakePlan(t.Context(), view(t, r), readmodel.PlanOptions{Quick: true}, r.Now, r.IDs))
	r.Do(readmodel.Show(r.View(), "tables", true, r.IDs))
	return r
}

func view(t testing.TB, r *readmodeltest.Room) *readmodel.View {
	t.Helper()
	v, err := readmodel.Build(t.Context(), r.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func pageOf(t testing.TB, r *readmodeltest.Room) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteHTML(&b, source(t, r, 1)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	page := pageOf(t, planted(t))
	for _, want := range []string{
		"多元利害關係人治理", "Governing &lt;together&gt;", "河岸社區協會", "2026-06-14", "現場 42 人", "here 42",
		"意見群 A", "Opinion group C", "各群多數都同意", "Where we differ", "&lt;script&gt;alert(", "第 1 桌",
		"另有 1 則沒有開放作答", "CC-BY-4.0 https://creativecommons.org/licenses/by/4.0/", "hello@example.org", "<desc id=\"map-desc\">",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, unwanted := range []string{"<script", " src=", "<link", "@import", "url(", "收起來的一則", "no value", "{N}"} {
		if strings.Contains(strings.ReplaceAll(page, "url(#", ""), unwanted) { // a gradient of the page's own
			t.Errorf("the page holds %q", unwanted)
		}
	}
	if strings.Count(page, `class="z"`) != strings.Count(page, `class="e"`) {
		t.Error("not everything is there in both languages")
	}
}

// Every text is there in both languages, without Simplified characters or half-width
// punctuation where Chinese has its own.
// None is not the same as hardly anybody.
func TestHardlyAnybodyElsewhere(t *testing.T) {
	s := source(t, planted(t), 1)
	for g, group := range s.View.Map.Groups {
		for _, one := range group.Representative {
			for other := range s.View.Map.Tallies {
				if other != g {
					s.View.Map.Tallies[other][one.Statement] = opinion.Tally{Agree: 1, Disagree: 1, Pass: 40}
				}
			}
		}
	}
	var b bytes.Buffer
	if err := report.WriteHTML(&b, s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"agree; hardly anybody elsewhere", "disagree; hardly anybody elsewhere", "票同意；其他人幾乎沒有"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(b.String(), "; 0 in 10 elsewhere") {
		t.Error("the page says that nobody does")
	}
}

func TestTexts(t *testing.T) {
	data, err := os.ReadFile("texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	argument := regexp.MustCompile(`\{\w+\}`)
	for key, pair := range all {
		if len(pair) != 2 || pair[0] == "" || pair[1] == "" {
			t.Errorf("%s: %q", key, pair)
			continue
		}
		zh, en := argument.FindAllString(pair[0], -1), argument.FindAllString(pair[1], -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !slices.Equal(zh, en) {
			t.Errorf("%s: arguments %v in Chinese, %v in English", key, zh, en)
		}
		if strings.ContainsAny(pair[0], ",?!;:()您妳组这为说时") {
			t.Errorf("%s: %q", key, pair[0])
		}
	}
}

// The page without a map says what is missing, and still lists the votes.
func TestPageOfAFewPeople(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	p, s := r.Join(3, ""), r.Statement("多種樹。")
	r.Vote(p, s, moot.Agree)
	page := pageOf(t, r)
	if !strings.Contains(page, "還畫不出意見地圖") || strings.Contains(page, "<figure>") || !strings.Contains(page, "多種樹。") {
		t.Error("a page without a map")
	}
	var b bytes.Buffer
	if err := report.WriteSVG(&b, view(t, r), report.PictureOptions{Lang: "en"}); err != nil || !strings.Contains(b.String(), `aria-label="At least 3 statements are needed."`) {
		t.Errorf("%v, %s", err, b.String())
	}
}

// A group of fewer than five is named and not spoken of; small cells are not printed.
func TestSmallNumbersAreNotPrinted(t *testing.T) {
	page := pageOf(t, planted(t))
	cell := regexp.MustCompile(`<td class="n">([^<]*)</td>`)
	found := 0
	for _, match := range cell.FindAllStringSubmatch(page, -1) {
		if n, err := strconv.Atoi(match[1]); err == nil && n > 0 && n < 3 {
			t.Errorf("a cell of %d", n)
		}
		if match[1] == "&lt;3" {
			found++
		}
	}
	// One untold cell beside its sum would follow from the others.
	rows := regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	for _, row := range rows.FindAllStringSubmatch(page, -1) {
		cells := cell.FindAllStringSubmatch(row[1], -1)
		untold, told := 0, 0
		for _, c := range cells[min(1, len(cells)):] {
			if n, err := strconv.Atoi(c[1]); err != nil {
				untold++
			} else if n > 0 {
				told++
			}
		}
		if untold == 1 && told > 0 {
			t.Errorf("one cell is not told beside %d that are: %v", told, cells)
		}
	}
	if found == 0 {
		t.Error("no small cell in the tables: the test looks at the wrong thing")
	}
}

// The report says of each group how stable it is, where that was measured.
func TestPageSaysHowStableGroupsAre(t *testing.T) {
	s := source(t, planted(t), 1)
	for word, want := range map[opinion.StabilityWord]string{
		opinion.Solid:     `> · <span class="z" lang="zh-Hant-TW">穩固</span><span class="e" lang="en">solid</span></span></h3>`,
		opinion.Stable:    `> · <span class="z" lang="zh-Hant-TW">穩定</span><span class="e" lang="en">stable</span></span></h3>`,
		opinion.Tentative: `> · <span class="z" lang="zh-Hant-TW">尚不確定</span><span class="e" lang="en">tentative</span></span></h3>`,
		"":                `people</span></span></h3>`,
	} {
		s.View.Map.Groups[0].Word = word
		var b bytes.Buffer
		if err := report.WriteHTML(&b, s); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q: no heading with %s", word, want)
		}
	}
}

// Text meets WCAG 2.2 AA (4.5) in both themes, marks and bars 3.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`--([a-z0-9-]+):(#[0-9A-F]{3,6})`)
	light := map[string]string{}
	blocks := strings.SplitN(string(css), "@media (prefers-color-scheme:dark)", 2)
	for _, match := range variable.FindAllStringSubmatch(blocks[0], -1) {
		light[match[1]] = match[2]
	}
	dark := maps.Clone(light)
	for _, match := range variable.FindAllStringSubmatch(strings.SplitN(blocks[1], "*{", 2)[0], -1) {
		dark[match[1]] = match[2]
	}
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", 4.5}, {"ink", "card", 4.5}, {"quiet", "paper", 4.5}, {"quiet", "card", 4.5}, {"ink", "late", 4.5}, {"paper", "action", 4.5},
		{"on", "g0", 4.5}, {"on", "g1", 4.5}, {"on", "g2", 4.5}, {"on", "g3", 4.5}, {"on", "g4", 4.5},
		{"g0", "card", 3}, {"g1", "card", 3}, {"g2", "card", 3}, {"g3", "card", 3}, {"g4", "card", 3}, {"agree", "card", 3}, {"disagree", "card", 3},
	}
	for name, theme := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			if got := contrast(theme[p.front], theme[p.back]); got < p.least {
				t.Errorf("%s: %s on %s is %.2f, want %.1f", name, p.front, p.back, got, p.least)
			}
		}
	}
}

// contrast gives the ratio of WCAG 2.2.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
