package hub

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
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
		if packed := packed()[strings.TrimPrefix(r.URL.Path, "/app/")]; packed != nil && takesGzip(r) {
			w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Vary", "Accept-Encoding")
			w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
			w.Write(packed) // the other side may be gone
			return
		}
		files.ServeHTTP(w, r)
	})
}

// packed gives the scripts and styles compressed, by their names: done once, as well as
// can be, since every device asks for them.
var packed = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	files := assets.App()
	names, err := fs.Glob(files, "*.*s")
	if err != nil {
		panic(err) // only for a pattern that is none
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			panic("hub: read embedded " + name + ": " + err.Error())
		}
		var out bytes.Buffer
		zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			panic(err) // only for a level that does not exist
		}
		zip.Write(data) // a buffer takes everything
		zip.Close()
		all[name] = out.Bytes()
	}
	return all
})
