// Package assets holds what is shown: the participants' page, the wall and the
// facilitator's page as built files, and the sample session.
//
// Start with App, the scripts and styles to serve under /app/, and with Page,
// Wall and Host, the documents. Sample gives a session to try things with.
// The sources lie in page, the texts in package words.
//
// Everything here is constant and may be used from several goroutines.
//
// What will bite: app is built. After a change in page or words run
// "go generate ./assets"; a test compares.
package assets

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:generate go run ./build

//go:embed app
var built embed.FS

// App gives the built scripts and styles by their plain names ("page.js"). The
// documents ask for them under /app/ with a part of their hash as the query,
// so that an answer to a request with a query may be cached for ever.
func App() fs.FS {
	folder, err := fs.Sub(built, "app")
	if err != nil {
		panic(fmt.Sprintf("assets: open embedded app: %v", err))
	}
	return folder
}

// Page gives the document of the participants' page, for / and /j/{code}. The
// caller owns the bytes.
func Page() []byte { return document("page.html") }

// Wall gives the document of the wall, for /wall. The caller owns the bytes.
func Wall() []byte { return document("wall.html") }

// Host gives the document of the facilitator's page, for /host on the loopback
// listener only. The caller owns the bytes.
func Host() []byte { return document("host.html") }

func document(name string) []byte {
	data, err := built.ReadFile("app/" + name)
	if err != nil {
		panic(fmt.Sprintf("assets: read embedded %s: %v", name, err))
	}
	return data
}
