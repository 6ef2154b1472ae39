package link

import (
	"log/slog"
	"net"
	"net/http"
	"time"

	"folkmoot/sync/peer"
)

// Greet answers on a listener, until that is closed, for a device that belongs to no
// session yet: anybody is told who it is, and nothing else.
func Greet(listener net.Listener, identity Identity, role Role) error {
	cert, err := certificate(identity.Key)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pathHello, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		answer(w, &Hello{Oldest: peer.Protocol, Newest: peer.Protocol, Name: clean(identity.Name), Role: role, Version: identity.Version})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		refuse(w, &peer.Refusal{Code: peer.NotPaired})
	})
	server := &http.Server{Handler: mux, TLSConfig: serverTLS(cert), Protocols: protocols(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 10 * time.Second, MaxHeaderBytes: 12 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	defer server.Close()
	return server.ServeTLS(newCounted(listener, 32), "", "")
}
