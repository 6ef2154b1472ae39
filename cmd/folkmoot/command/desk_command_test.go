package command_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"folkmoot/cmd/folkmoot/command"
)

// What the desk is started with is what its window gets.
func TestDeskOptions(t *testing.T) {
	for _, tt := range []struct {
		args string
		want command.DeskOptions
	}{
		{"", command.DeskOptions{}},
		{"--port 8181", command.DeskOptions{Port: 8181}},
		{"--listen :8181", command.DeskOptions{Port: 8181}},
		{"--listen 127.0.0.1:8181 --peers 127.0.0.1:9443 --no-mdns", command.DeskOptions{Host: "127.0.0.1", Port: 8181, Peers: "127.0.0.1:9443", Quiet: true}},
		{"--listen [::1]:8181 --peers off", command.DeskOptions{Host: "::1", Port: 8181, Peers: "off"}},
	} {
		var got *command.DeskOptions
		var said bytes.Buffer
		code := command.MainWithDesk(t.Context(), "folkmoot", strings.Fields(tt.args), command.Streams{Out: &said, Err: &said, Env: func(string) string { return "" }},
			func(_ context.Context, o command.DeskOptions, _ command.Streams) error { got = &o; return nil })
		if code != 0 || got == nil || *got != tt.want {
			t.Errorf("%q: %d, %+v, want %+v\n%s", tt.args, code, got, tt.want, said.String())
		}
	}
	for _, args := range []string{"--listen 8181", "--listen :99999", "--listen :http", "--port -1"} {
		var said bytes.Buffer
		code := command.MainWithDesk(t.Context(), "folkmoot", strings.Fields(args), command.Streams{Out: &said, Err: &said, Env: func(string) string { return "" }},
			func(context.Context, command.DeskOptions, command.Streams) error {
				t.Errorf("%q opens a window", args)
				return nil
			})
		if code != 2 || said.Len() == 0 {
			t.Errorf("%q: %d, %q", args, code, said.String())
		}
	}
}
