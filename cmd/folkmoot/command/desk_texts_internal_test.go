package command

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// intakeCodes gives the codes of the constants in intake's fault.go, by the comment
// over their block.
func intakeCodes(t *testing.T) map[intake.Code]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../../app/intake/fault.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[intake.Code]string{}
	for _, decl := range file.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, spec := range block.Specs {
			text, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[intake.Code(text)] = block.Doc.Text()
		}
	}
	return codes
}

func whole(t *testing.T, key string, args map[string]any) {
	t.Helper()
	for _, lang := range words.Languages() {
		if text := words.Text(lang, key, args); key == "" || text == key || text == "" || strings.Contains(text, "<no value>") {
			t.Errorf("%q in %s reads %q", key, lang, text)
		}
	}
}

// Every code that intake has is said in words, with what it needs.
func TestEveryCodeHasWords(t *testing.T) {
	codes := intakeCodes(t)
	if len(codes) < 30 {
		t.Fatalf("%d codes were found", len(codes))
	}
	for code, block := range codes {
		switch {
		case strings.Contains(block, "faults of files"):
			trouble := faultTrouble(&intake.Fault{Code: code, File: "votes.csv", Row: 1200, Column: "vote", Found: strings.Repeat("x", 500)})
			whole(t, trouble.Key, trouble.Args)
		case strings.Contains(block, "Reasons"):
			whole(t, leftSentence(code, 140).ID, map[string]any{"Limit": "140"})
		case strings.Contains(block, "What a host should know"):
			whole(t, noteSentences([]intake.Notice{{Code: code, N: 2}})[0].ID, map[string]any{"N": "2"})
		default:
			t.Errorf("%s stands in an unknown block: %q", code, block)
		}
	}
}

// Every wish that intake has for a cell has a sentence of its own.
func TestEveryBadCellHasWords(t *testing.T) {
	wants := regexp.MustCompile(`\.(?:number|bad)\([^"\n]*"([^"]+)"\)`)
	paths, err := filepath.Glob("../../../app/intake/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range wants.FindAllSubmatch(source, -1) {
			found[string(m[1])] = true
		}
	}
	for want := range found {
		trouble := faultTrouble(&intake.Fault{Code: intake.BadCell, Want: want})
		if trouble.Key == "fault.bad_cell" {
			t.Errorf("no sentence for %q", want)
		}
		whole(t, trouble.Key, trouble.Args)
	}
	if len(found) != len(badCells) {
		t.Errorf("%d wishes are found, %d have words", len(found), len(badCells))
	}
}

// Whatever stands against an act has words.
func TestEveryObstacleHasWords(t *testing.T) {
	d := NewDesk(t.Context(), "folkmoot", t.TempDir(), Streams{Err: t.Output()})
	defer d.Close()
	for _, o := range obstacles {
		trouble := asTrouble(t, d.explain(o.err))
		whole(t, trouble.Key, trouble.Args)
	}
	for _, f := range faults {
		trouble := asTrouble(t, d.explain(f.err))
		if trouble.Key != f.key {
			t.Errorf("%v is said as %s, not %s", f.err, trouble.Key, f.key)
		}
		whole(t, trouble.Key, trouble.Args)
	}
	for _, code := range []moot.Code{moot.Closed, moot.UnknownStatement, moot.UnknownQuestion, moot.UnknownPerson, moot.BadValue, moot.TooLong, moot.Empty,
		moot.EmojiOnly, moot.TooMany, moot.BadRev, moot.NotYours, moot.TooManyPeople, moot.Duplicate} {
		trouble := asTrouble(t, d.explain(&moot.Refusal{Code: code, Limit: 5}))
		whole(t, trouble.Key, trouble.Args)
	}
}
