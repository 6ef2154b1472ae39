package main

import (
	"context"
	"errors"

	"folkmoot/cmd/folkmoot/command/commandtest"
)

// killPart kills the real program while phones send: what was acknowledged is there,
// once, whatever the moment.
func killPart(w *workshop) Part {
	return Part{
		Name: "kill", What: "the hub is killed at random moments while 40 phones send each item one to five times; then record, chain and rebuild are looked at",
		Short: 300, Release: 10_000, Chunk: 20,
		Run: func(ctx context.Context, from, to int, note func(string, float64)) (err error) {
			program, err := w.built(ctx)
			if err != nil {
				return err
			}
			data, err := w.folder("kill")
			if err != nil {
				return err
			}
			k, err := commandtest.NewKills(ctx, program, data)
			if err != nil {
				return err
			}
			defer k.Close()
			for step := from; step < to; step++ {
				if err := k.Round(ctx, uint64(step)); err != nil {
					return At(step, err)
				}
			}
			if err := k.Finish(ctx); err != nil {
				return At(to-1, errors.Join(errors.New("after the last kill"), err))
			}
			kills := float64(to - from)
			note("answers \"saved\" a kill", float64(k.Acknowledged.Load())/kills)
			note("items a kill", float64(k.Sent())/kills)
			note("stored and not acknowledged when the kill came, a kill", float64(k.Unheard)/kills)
			return nil
		},
	}
}
