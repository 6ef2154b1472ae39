package pagetest_test

import "testing"

func TestJoinAndVote(t *testing.T) {
	p := newPhone(t, look{width: 820, height: 1100})
	p.join()
	for range 3 {
		p.answer("同意")
	}
	p.says("已回答 3／14 題")
	p.says("主辦的電腦已收到")
	votes := 0
	for _, item := range p.hub.Items() {
		if item["kind"] == "vote" {
			votes++
		}
	}
	if votes != 3 {
		t.Errorf("the hub has %d votes, want 3", votes)
	}
}
