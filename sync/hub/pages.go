package hub

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"folkmoot/assets"
)

// pages serves the documents and their scripts and styles.
func (h *Hub) pages(mux *http.ServeMux) {
	page := document(assets.Page())
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /j/{code}", page)
	mux.Handle("GET /wall", document(assets.Wall()))
	mux.Handle("GET /app/", app())
}

func (h *Hub) hostPages(mux *http.ServeMux) {
	mux.Handle("GET /host", document(assets.Host()))
	mux.Handle("GET /wall", document(assets.Wall()))
	mux.Handle("GET /app/", app())
	mux.HandleFunc("GET /api/v1/wall", h.hostWall)
	mux.HandleFunc("GET /api/v1/wall/live", h.hostWallLive)
}

func document(data []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
}

// app serves scripts and styles. Their query carries a part of their hash, so
// such an answer may be kept for ever.
func app() http.Handler {
	files := http.StripPrefix("/app", http.FileServerFS(assets.App()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") || strings.HasSuffix(r.URL.Path, ".html") {
			http.NotFound(w, r)
			return
		}
		if r.URL.RawQuery != "" {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		files.ServeHTTP(w, r)
	})
}
