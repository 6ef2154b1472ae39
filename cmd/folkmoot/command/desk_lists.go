package command

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// Lists reads the lists of statements in the file at path, or in text where path is
// "". Lines that cannot be statements are left, each with its reason. Behind several
// lists all of them stand as one.
func (d *Desk) Lists(ctx context.Context, path, text string) ([]readmodel.ListOffer, error) {
	lists, err := readLists(path, text)
	if err != nil {
		return nil, d.explain(err)
	}
	offers := make([]readmodel.ListOffer, len(lists))
	for i, list := range lists {
		if offers[i], err = offer(list); err != nil {
			return nil, d.explain(err)
		}
	}
	if len(lists) > 1 {
		all, err := offer(intake.Together(lists))
		if err != nil {
			return nil, d.explain(err)
		}
		all.All = true
		offers = append(offers, all)
	}
	return offers, ctx.Err()
}

func readLists(path, text string) ([]intake.List, error) {
	if path == "" {
		return intake.ReadPaste(text)
	}
	name := filepath.Base(path)
	file, err := os.Open(path)
	if err != nil {
		return nil, &intake.Fault{Code: intake.Unreadable, File: name, Err: err}
	}
	defer file.Close()
	return intake.ReadList(name, file)
}

// offer puts a list as it can be taken: its usable statements, and what is left.
func offer(list intake.List) (readmodel.ListOffer, error) {
	items, skipped, err := intake.ListItems(list, intake.ListOptions{Now: nowMS(), Random: rand.Reader})
	if err != nil {
		return readmodel.ListOffer{}, err
	}
	o := readmodel.ListOffer{Heading: list.Heading, Notes: noteSentences(list.Warnings)}
	for _, i := range items {
		o.Statements = append(o.Statements, i.Payload.(*moot.NewStatement).Text)
	}
	texts := map[int]string{}
	for _, s := range list.Statements {
		texts[s.Line] = s.Text
	}
	for _, s := range skipped {
		o.Left = append(o.Left, readmodel.Leftover{Where: beginning(texts[s.Row]), Row: s.Row, Why: leftSentence(s.Why, moot.DefaultStatementLimit)})
	}
	return o, nil
}

// beginning gives enough of a line to know it by.
func beginning(text string) string {
	const enough = 40
	if short := clip(text, enough); short != text {
		return short + "…"
	}
	return text
}
