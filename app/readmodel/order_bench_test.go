package readmodel_test

import (
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// BenchmarkOrder is what one phone's question costs, among 10,000 statements.
func BenchmarkOrder(b *testing.B) {
	r, pids, sids := voting(b, 10, 10_000)
	for i, p := range pids {
		for j := range 40 {
			r.Vote(p, sids[(7*i+j)%60], moot.Vote(1+j%3))
		}
	}
	v, round := build(b, r.View(), readmodel.Options{Quick: true}), readmodel.RoundOf(r.View(), r.Now+60_000)
	for b.Loop() {
		v.Order(pids[3], round)
	}
}

// BenchmarkRound is what counting a large room once a second costs.
func BenchmarkRound(b *testing.B) {
	r, pids, sids := voting(b, 300, 60)
	for i, p := range pids {
		for j := range 40 {
			r.Vote(p, sids[(i+j)%60], moot.Vote(1+j%3))
		}
	}
	v := build(b, r.View(), readmodel.Options{Quick: true})
	b.Run("round", func(b *testing.B) {
		for b.Loop() {
			readmodel.RoundOf(r.View(), r.Now)
		}
	})
	b.Run("forecast", func(b *testing.B) {
		for b.Loop() {
			v.Forecast(r.View(), r.Now+60_000)
		}
	})
}
