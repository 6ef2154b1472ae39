package opinion

import (
	"reflect"
	"testing"
)

// onALine are points named 10, 11 … along the first axis.
func onALine(places ...float64) polisPoints {
	points := polisPoints{row: map[int]int{}}
	for i, place := range places {
		points.add(10+i, [2]float64{place, 0}, 1)
	}
	return points
}

func TestPolisWarmStart(t *testing.T) {
	cases := map[string]struct {
		places []float64
		before []PolisCluster
		k      int
		want   map[int][]int // id -> members
	}{
		"centres move with their members": {
			places: []float64{0, 1, 9}, k: 2,
			before: []PolisCluster{{ID: 3, Members: []int{10, 11}}, {ID: 5, Members: []int{12}}},
			want:   map[int][]int{3: {10, 11}, 5: {12}},
		},
		"who has gone is left out, with the cluster": {
			places: []float64{0, 9}, k: 2,
			before: []PolisCluster{{ID: 0, Members: []int{10, 77}}, {ID: 1, Members: []int{78}}, {ID: 2, Members: []int{11}}},
			want:   map[int][]int{0: {10}, 2: {11}},
		},
		"nobody left: one cluster of all, then split": {
			places: []float64{0, 1, 9}, k: 2,
			before: []PolisCluster{{ID: 4, Members: []int{77}}},
			want:   map[int][]int{5: {10, 11}, 6: {12}},
		},
		"one place, one cluster; the larger gives the id": {
			places: []float64{2, 2, 2, 7}, k: 4,
			before: []PolisCluster{{ID: 1, Members: []int{10, 11}}, {ID: 2, Members: []int{12}}, {ID: 3, Members: []int{13}}},
			want:   map[int][]int{1: {10, 11, 12}, 3: {13}},
		},
		"of equally large ones the later": {
			places: []float64{2, 2, 7}, k: 3,
			before: []PolisCluster{{ID: 1, Members: []int{10}}, {ID: 2, Members: []int{11}}, {ID: 3, Members: []int{12}}},
			want:   map[int][]int{2: {10, 11}, 3: {12}},
		},
		"the farthest opens a cluster, the last of equals": {
			places: []float64{-3, 0, 3}, k: 2,
			before: []PolisCluster{{ID: 7, Members: []int{10, 11, 12}}},
			want:   map[int][]int{7: {10, 11}, 8: {12}},
		},
		"who is new may be it, and splitting two is a tie": {
			places: []float64{0, 1, 50}, k: 3,
			before: []PolisCluster{{ID: 0, Members: []int{10, 11}}},
			want:   map[int][]int{0: {10}, 1: {12}, 2: {11}},
		},
		"more than k stay": {
			places: []float64{0, 5, 9}, k: 2,
			before: []PolisCluster{{ID: 0, Members: []int{10}}, {ID: 1, Members: []int{11}}, {ID: 2, Members: []int{12}}},
			want:   map[int][]int{0: {10}, 1: {11}, 2: {12}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			points := onALine(c.places...)
			got := map[int][]int{}
			for _, cluster := range polisWarmStart(t.Context(), points, c.before, c.k) {
				got[cluster.ID] = cluster.Members
				if centre := points.mean(cluster.Members); cluster.Centre != centre {
					t.Errorf("cluster %d stands at %v, its members at %v", cluster.ID, cluster.Centre, centre)
				}
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// A point between two centres goes to the last, the next step follows the weights, and
// an emptied cluster is dropped.
func TestPolisStep(t *testing.T) {
	points := onALine(0, 1, 2)
	points.weight = []float64{1, 1, 3}
	clusters := []PolisCluster{{ID: 0}, {ID: 1, Centre: [2]float64{2, 0}}, {ID: 2, Centre: [2]float64{9, 0}}}
	want := []PolisCluster{{0, []int{10}, [2]float64{0, 0}}, {1, []int{11, 12}, [2]float64{1.75, 0}}}
	if got := polisStep(points, clusters); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPolisSettled(t *testing.T) {
	before := [][2]float64{{0, 0}, {5, 5}}
	for _, c := range []struct {
		after [][2]float64
		want  bool
	}{
		{[][2]float64{{0.0099, 0}, {5, 5}}, true},
		{[][2]float64{{0, 0}, {5, 5.0101}}, false},
		{[][2]float64{{0, 0}}, true},
		{[][2]float64{{4, 0}}, false},
	} {
		if got := polisSettled(before, c.after); got != c.want {
			t.Errorf("%v: %v", c.after, got)
		}
	}
}

// A point of weight 3 need not be where its own mean is: 3 × 0.1 / 3 is not 0.1. The
// chase after such a distance has an end.
func TestPolisFilledEndsOnRounding(t *testing.T) {
	points := onALine(0.1, 0.1)
	points.weight = []float64{3, 3}
	clusters := []PolisCluster{{ID: 0, Members: []int{10}}, {ID: 1, Members: []int{11}}}
	if off := points.mean([]int{10}); off == points.at[0] {
		t.Fatalf("the mean %v is exact here", off)
	}
	if got := polisFilled(t.Context(), points, clusters, 3); len(got) > 3 {
		t.Errorf("%d clusters of two points", len(got))
	}
}
