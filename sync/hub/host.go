package hub

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"folkmoot/sync/moot"
)

func itoa(n int) string { return strconv.Itoa(n) }

// hostState gives the wall's document and, beside it, what the host alone sees.
// Its version grows with every change, votes and arrivals too, at most once in Pause.
func (h *Hub) hostState(w http.ResponseWriter, _ *http.Request) {
	both := map[string]any{}
	_, told := h.feed.last() // before reading: a change meanwhile makes the page ask once more
	for _, part := range []any{h.wallDoc(), h.options.Host.State()} {
		data, err := json.Marshal(part)
		if err == nil {
			err = json.Unmarshal(data, &both)
		}
		if err != nil {
			h.options.Log.Error("host state", "error", err)
			fail(w, http.StatusInternalServerError, "fault", "the host's page cannot be made: see the log")
			return
		}
	}
	both["version"] = told
	answer(w, http.StatusOK, both)
}

func (h *Hub) hostLive(w http.ResponseWriter, r *http.Request) {
	h.pour(w, r, nil, func() any {
		doc, told := h.feed.last()
		doc.Version, doc.Now = told, h.options.Now().UnixMilli()
		return doc
	})
}

// hostDo carries out one act of the host.
func (h *Hub) hostDo(w http.ResponseWriter, r *http.Request) {
	var act json.RawMessage
	if !read(w, r, &act) {
		return
	}
	err := h.options.Host.Do(r.Context(), act)
	var refusal *moot.Refusal
	var bad BadCall
	switch {
	case err == nil:
		answer(w, http.StatusOK, map[string]bool{"ok": true})
	case errors.As(err, &refusal):
		refuse(w, http.StatusConflict, refusal)
	case errors.As(err, &bad):
		fail(w, http.StatusBadRequest, cmp.Or(bad.Code, "bad_call"), bad.Text)
	default:
		h.unsaved(w, err)
	}
}
