package intake_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/app/intake"
)

func TestReadPaste(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"a line each", "Trees.\nA path.\n", "Trees.|A path."},
		{"numbers", "1. Trees.\n2. A path.\n", "Trees.|A path."},
		{"a list among other words", "Look:\n- Trees.\n- A path.\n", "Trees.|A path."},
		{"one dash among lines", "- Trees.\nA path.\nLight.\n", "Trees.|A path.|Light."},
		{"as many dashes as lines", "- Trees.\nA path.\n", "Trees.|A path."},
		{"headings", "# River\nTrees.\n", "Trees."},
	}
	for _, c := range cases {
		lists, err := intake.ReadPaste(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, l := range lists {
			if l.File != "" {
				t.Errorf("%s: names the file %q", c.name, l.File)
			}
			for _, s := range l.Statements {
				got = append(got, s.Text)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	var fault *intake.Fault
	if _, err := intake.ReadPaste(" \n"); !errors.As(err, &fault) || fault.Code != intake.NoStatements || fault.File != "" {
		t.Errorf("nothing: %v", err)
	}
}
