package command

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A hub with many connections keeps none open that nobody uses; a stream stays.
func TestSocketsAreThinned(t *testing.T) {
	s := &sockets{crowded: 2}
	end := make(chan struct{})
	server := httptest.NewUnstartedServer(s.thin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			io.WriteString(w, "first")
			http.NewResponseController(w).Flush()
			<-end
			io.WriteString(w, "last")
		}
	})))
	server.Config.ConnState = s.watch
	server.Start()
	defer server.Close()
	var streams []*http.Response
	ask := func(path string) *http.Response {
		t.Helper()
		res, err := (&http.Client{Transport: &http.Transport{}}).Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	kept := func(res *http.Response) bool { io.Copy(io.Discard, res.Body); res.Body.Close(); return !res.Close }
	if !kept(ask("/items")) {
		t.Error("the only connection was ended")
	}
	for range 2 {
		streams = append(streams, ask("/live"))
	}
	if kept(ask("/items")) {
		t.Error("where there are many, a connection was kept that nobody uses")
	}
	close(end)
	for _, res := range streams {
		if all, err := io.ReadAll(res.Body); err != nil || string(all) != "firstlast" {
			t.Errorf("a stream brought %q, %v", all, err)
		}
		res.Body.Close()
	}
}

// doctor says how many phones fit where a program may have few connections.
func TestDoctorCountsSockets(t *testing.T) {
	for limit, want := range map[int]string{0: "good", 20000: "good", maxSockets + ownFiles: "good", 1024: "warning", 10: "warning"} {
		if got := checkSockets(limit); got.Verdict != want || got.Found == "" || (want == "good") != (got.Cure == "") {
			t.Errorf("a limit of %d: %+v, want %s", limit, got, want)
		}
	}
	if got := checkSockets(1024).Found; !strings.Contains(got, "about 480 phones") {
		t.Errorf("a limit of 1024: %s", got)
	}
}
