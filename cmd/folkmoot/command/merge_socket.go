package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// mergeNews is a line of what the program that has a session open says while it merges.
type mergeNews struct {
	Done int `json:"done"`
	// Merged is set on the last line, where all went well.
	Merged *merged `json:"merged,omitempty"`
	// Why and Try say why it went no further.
	Why string `json:"why,omitempty"`
	Try string `json:"try,omitempty"`
}

// takeMerge merges a file of this computer for another command of the same user. It ends
// when the other one does.
func (a *app) takeMerge(w http.ResponseWriter, r *http.Request, session opened) {
	path, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	say, lines := http.NewResponseController(w), json.NewEncoder(w)
	tell := func(news mergeNews) {
		lines.Encode(news)
		say.Flush()
	}
	tell(mergeNews{}) // so that who asks knows that somebody is at work
	did, err := a.mergePath(r.Context(), session, string(path), func(done int) { tell(mergeNews{Done: done}) })
	if err != nil {
		why, try, _ := strings.Cut(sentence(mergeProblem(err)), "\n")
		tell(mergeNews{Why: why, Try: try})
		return
	}
	tell(mergeNews{Merged: &did})
}

func (a *app) mergePath(ctx context.Context, session opened, path string, progress func(done int)) (merged, error) {
	source, err := a.openMerge(path)
	if err != nil {
		return merged{}, err
	}
	defer source.close()
	if source.session() != session.View().Session.ID {
		return merged{}, errors.New("it is of another session")
	}
	return merge(ctx, session, source, progress)
}

// merge has the program that has the session open merge a file.
func (r *remote) merge(ctx context.Context, path string, progress func(done int)) (merged, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://session/merge", strings.NewReader(path))
	if err != nil {
		return merged{}, err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return merged{}, mergeAsked(ctx, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return merged{}, &problem{why: "the session is open in a program that cannot merge packs", try: "close it there, then try again"}
	}
	lines := json.NewDecoder(res.Body)
	for {
		var news mergeNews
		err := lines.Decode(&news)
		switch {
		case err != nil:
			return merged{}, mergeAsked(ctx, err)
		case news.Why != "":
			return merged{}, &problem{why: news.Why, try: news.Try}
		case news.Merged != nil:
			return *news.Merged, nil
		}
		progress(news.Done)
	}
}

// mergeAsked says that the other program went away in the middle.
func mergeAsked(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &problem{why: "the program that has the session open ended while it merged", try: "merge the pack again: what is in counts once", cause: fmt.Errorf("ask for a merge: %w", err)}
}

// mergeProblem puts what a person can do something about into the words of the command line.
func mergeProblem(err error) error {
	var known *readmodel.Trouble
	if errors.As(err, &known) {
		why, try, _ := strings.Cut(words.Text(words.English, known.Key, known.Args), ". ")
		return &problem{why: strings.TrimSuffix(why, "."), try: strings.TrimSuffix(try, "."), cause: err}
	}
	if errors.Is(err, context.Canceled) {
		return &problem{why: "interrupted: a part may be merged", try: "merge it again to complete it; what is there already counts once", cause: err}
	}
	return intakeProblem(err, "nothing was changed")
}
