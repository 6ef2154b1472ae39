package opinion_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// conversation is a set of votes in figures: ids in ascending order, and a row of signs
// for each participant with a sign for each statement: + agree, 0 pass, - disagree,
// . unseen.
type conversation struct {
	Participants []int     `json:"participants"`
	Statements   []int     `json:"statements"`
	Rows         []string  `json:"rows"`
	Expected     coldStart `json:"expected"`
	// Log are the same votes in order of time, each as participant, statement and
	// value, with those that were replaced; Replay is what becomes of them in batches.
	// Few conversations have them.
	Log    [][3]int `json:"log,omitempty"`
	Replay *replay  `json:"replay,omitempty"`
}

// coldStart is what the original Polis mathematics made of the votes, in its words.
type coldStart struct {
	Pids         []int                     `json:"pids"`
	Tids         []int                     `json:"tids"`
	ModOut       []int                     `json:"mod-out"`
	MetaTids     []int                     `json:"meta-tids"`
	InConv       []int                     `json:"in-conv"`
	PCA          polisPCA                  `json:"pca"`
	BaseClusters []polisCluster            `json:"base-clusters"`
	Clusterings  map[string][]polisCluster `json:"group-clusterings"`
	Clusters     []polisCluster            `json:"group-clusters"`
	Silhouettes  map[string]float64        `json:"silhouettes"`
	Repness      map[string][]polisRepness `json:"repness"`
	Consensus    polisConsensus            `json:"consensus"`
	GroupAware   map[string]float64        `json:"group-aware-consensus"`
	Priorities   map[string]float64        `json:"comment-priorities"`
	SecondUpdate struct {
		Priorities  map[string]float64 `json:"comment-priorities"`
		Clusters    []polisCluster     `json:"group-clusters"`
		Silhouettes map[string]float64 `json:"silhouettes"`
	} `json:"second-update"` // on the same votes
}

type polisPCA struct {
	Center     []float64   `json:"center"`
	Comps      [][]float64 `json:"comps"`
	Projection [][]float64 `json:"comment-projection"`
	Extremity  []float64   `json:"comment-extremity"`
}

type polisCluster struct {
	ID      int        `json:"id"`
	Members []int      `json:"members"`
	Center  [2]float64 `json:"center"`
}

type polisRepness struct {
	Tid         int     `json:"tid"`
	Successes   int     `json:"n-success"`
	Trials      int     `json:"n-trials"`
	Share       float64 `json:"p-success"`
	ShareTest   float64 `json:"p-test"`
	Repness     float64 `json:"repness"`
	RepnessTest float64 `json:"repness-test"`
	RepfulFor   string  `json:"repful-for"`
	BestAgree   bool    `json:"best-agree"`
	Agrees      int     `json:"n-agree"`
}

type polisConsensus struct {
	Agree    []polisRepness `json:"agree"`
	Disagree []polisRepness `json:"disagree"`
}

// replay is what the original Polis mathematics made of votes that came in batches.
type replay struct {
	ModOut  []int         `json:"mod-out"`
	Updates []polisUpdate `json:"updates"`
}

// polisUpdate is what it made of the votes so far after one batch.
type polisUpdate struct {
	Votes        int                `json:"votes-so-far"`
	Rows         int                `json:"n"`
	Columns      int                `json:"n-cmts"`
	InConv       []int              `json:"in-conv"`
	Comps        [][]float64        `json:"comps"`
	BaseClusters []polisMembers     `json:"base-clusters"`
	Clusters     []polisMembers     `json:"group-clusters"`
	Silhouettes  map[string]float64 `json:"silhouettes"`
	KBest        int                `json:"last-k"`
	KBestRun     int                `json:"last-k-count"`
	K            int                `json:"smoothed-k"`
	Repness      map[string][]int   `json:"repness"`
	Priorities   map[string]float64 `json:"comment-priorities"`
}

type polisMembers struct {
	ID      int   `json:"id"`
	Members []int `json:"members"`
}

// withColdStart adds what is expected.
func (c conversation) withColdStart(t testing.TB, name string) conversation {
	t.Helper()
	decode(t, referenceFile(t, "cold-start", name+".json"), &c.Expected)
	return c
}

// withReplay adds the votes in order of time and what is expected of them in batches.
func (c conversation) withReplay(t testing.TB, name string, cells []cell) conversation {
	t.Helper()
	for _, one := range cells {
		c.Log = append(c.Log, [3]int{one.participant, one.statement, one.value})
	}
	decode(t, referenceFile(t, "replay", name+".json"), &c.Replay)
	return c
}

// kept are the conversations whose figures are in testdata, keptInBatches those of
// them that have a replay.
var (
	kept          = []string{"brexit-consensus", "15-per-hour-seattle", "scoop-hivemind.ubi", "vtaiwan.uberx"}
	keptInBatches = []string{"brexit-consensus", "15-per-hour-seattle"}
)

// reduced makes the figures of a kept conversation from the reference data.
func reduced(t testing.TB, name string) conversation {
	t.Helper()
	cells := exportedCells(t, name)
	c := newConversation(cells).withColdStart(t, name)
	if slices.Contains(keptInBatches, name) {
		c = c.withReplay(t, name, cells)
	}
	return c
}

func testdata(name string) string { return filepath.Join("testdata", name+".json.gz") }

func keptConversation(t testing.TB, name string) conversation {
	t.Helper()
	data, err := os.ReadFile(testdata(name))
	if err != nil {
		t.Fatal(err)
	}
	var c conversation
	decode(t, unzip(t, data), &c)
	return c
}

var update = flag.Bool("update", false, "write testdata anew from the reference data")

func TestReferenceTestdataIsTheReducedExport(t *testing.T) {
	for _, name := range kept {
		want, err := json.Marshal(reduced(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			var file bytes.Buffer
			writer, _ := gzip.NewWriterLevel(&file, gzip.BestCompression)
			if _, err := writer.Write(want); err != nil {
				t.Fatal(err)
			}
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(testdata(name), file.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := json.Marshal(keptConversation(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: testdata differ from the export", name)
		}
	}
}
