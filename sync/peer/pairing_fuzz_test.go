package peer_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"folkmoot/sync/peer"
)

// pairSamples are the messages of pairing, encoded.
func pairSamples(t testing.TB) map[peer.PairCall][][]byte {
	out := map[peer.PairCall][][]byte{}
	for _, byLink := range []bool{false, true} {
		h := newHouse(1)
		var link *peer.Link
		if byLink {
			link = h.invite()
		}
		k := h.knock(t, 2, link)
		for range 3 {
			call, data, _ := k.Next()
			answer := reply(t, h, public(2), call, data)
			out[call], out[""] = append(out[call], data), append(out[""], answer)
			if err := k.Take(answer); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

var pairCalls = []peer.PairCall{peer.CallPairStart, peer.CallPairReveal, peer.CallPairProve, peer.CallPairState, "dance"}

func TestPairCodec(t *testing.T) {
	for call, list := range pairSamples(t) {
		for _, data := range list {
			kinds := again(data)
			want := map[peer.PairCall]string{peer.CallPairStart: "start", peer.CallPairReveal: "reveal", peer.CallPairProve: "reveal", peer.CallPairState: "ask", "": "answer"}[call]
			if got, ok := kinds[want]; !ok || !bytes.Equal(got, data) {
				t.Errorf("%q: %x is written again as %x", call, data, got)
			}
		}
	}
}

func TestPairAnswerRefused(t *testing.T) {
	for name, m := range map[string]peer.PairAnswer{
		"nothing": {}, "another state": {State: "married"}, "two in one": {State: peer.PairWaiting, Refused: &peer.Refusal{Code: peer.Disk}}, "a short nonce": {Nonce: []byte{1}},
	} {
		data, _ := peer.Encode(&m)
		var back peer.PairAnswer
		if err := peer.Decode(data, &back); !errors.Is(err, refused(peer.Malformed)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// again gives data as it is written after it was read, for every kind that it is.
func again(data []byte) map[string][]byte {
	out := map[string][]byte{}
	if m := (peer.PairStart{}); peer.Decode(data, &m) == nil {
		out["start"], _ = peer.Encode(&m)
	}
	if m := (peer.PairReveal{}); peer.Decode(data, &m) == nil {
		out["reveal"], _ = peer.Encode(&m)
	}
	if m := (peer.PairProve{}); peer.Decode(data, &m) == nil {
		out["prove"], _ = peer.Encode(&m)
	}
	if m := (peer.PairAsk{}); peer.Decode(data, &m) == nil {
		out["ask"], _ = peer.Encode(&m)
	}
	if m := (peer.PairAnswer{}); peer.Decode(data, &m) == nil {
		out["answer"], _ = peer.Encode(&m)
	}
	return out
}

// Messages of pairing: what is read is written the same, a host answers anything, and
// neither side believes what it should not.
func FuzzPairing(f *testing.F) {
	for call, list := range pairSamples(f) {
		for _, data := range list {
			f.Add(byte(max(slices.Index(pairCalls, call), 0)), data)
		}
	}
	f.Fuzz(func(t *testing.T, n byte, data []byte) {
		for kind, out := range again(data) {
			if !bytes.Equal(out, data) {
				t.Errorf("a %s is written otherwise", kind)
			}
		}
		for _, begun := range []bool{false, true} {
			h := newHouse(1)
			link := h.invite()
			for i, link := range []*peer.Link{nil, link} {
				if k := h.knock(t, 12+i, link); begun { // other nonces than in the samples
					h.step(t, 12+i, k)
				}
				answer := h.Answer(public(12+i), pairCalls[int(n)%len(pairCalls)], data)
				if out, err := peer.Encode(&answer); err != nil || answer.Refused == nil && answer.State == "" && answer.Nonce == nil {
					t.Errorf("%x, %v", out, err)
				}
				k := h.knock(t, 14+i, link)
				if k.Take(data) == nil { // as the answer to its start
					k.Take(data)
				}
				if k.Confirm(); k.Trusted() {
					t.Error("a joiner trusts what says nothing of a host")
				}
			}
			if len(h.Pending()) > 0 {
				t.Errorf("somebody got in: %+v", h.Pending())
			}
		}
	})
}
