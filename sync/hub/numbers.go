package hub

import (
	"slices"
	"sync"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// perBlock is how many numbers a block has: 101 to 199 are those of block 1.
const perBlock = 99

// widest is how far the numbers of a device reach at the least that has used up its
// block: another may have used up its own.
const widest = 9999

// farthest is the largest number that a person is believed to have had elsewhere.
const farthest = 99999

// numbers knows which numbers are taken: those of people in the record, wherever they
// joined, and those that were drawn for people on their way into it.
type numbers struct {
	block int
	mu    sync.Mutex
	taken map[int]bool
	seen  uint64 // the version of the record whose people are in taken
}

func newNumbers(block int) *numbers { return &numbers{block: max(block, 0), taken: map[int]bool{}} }

// take says that a number is somebody's, whatever becomes of their join.
func (n *numbers) take(number int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.taken[number] = true
}

// learn takes in the people of the record; those who came by merging are told apart by
// nothing else. The caller holds the lock.
func (n *numbers) learn(view *moot.View) {
	if view.Version == n.seen {
		return
	}
	n.seen = view.Version
	for p := range view.Everybody() {
		if p.Here() {
			n.taken[p.Number()] = true
		}
	}
}

// span gives the numbers to draw from: those behind first, so many. Some of them are free.
func (n *numbers) span() (first, count int) {
	if n.block > 0 && n.block <= widest/100 {
		for i := 1; i <= perBlock; i++ {
			if !n.taken[n.block*100+i] {
				return n.block * 100, perBlock
			}
		}
	}
	count = perBlock
	for count < 2*(len(n.taken)+1) || n.block > 0 && count < widest {
		count = count*10 + 9
	}
	return 0, count
}

// draw gives a number that nobody has, from a range twice as wide as needed, so that it
// says nothing of the order of arrival; and a word. The number is taken from then on,
// whatever becomes of the join. Who had a number at another hub keeps it if it is free.
func (h *Hub) draw(had int, called string) (number int, word string, err error) {
	n := h.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	n.learn(h.record.View())
	animals := words.Animals()
	if had > 0 && had <= farthest && !n.taken[had] && slices.Contains(animals, called) {
		n.taken[had] = true
		return had, called, nil
	}
	first, count := n.span()
	for number == 0 || n.taken[number] {
		drawn, err := h.random(count)
		if err != nil {
			return 0, "", err
		}
		number = first + drawn + 1
	}
	n.taken[number] = true
	i, err := h.random(len(animals))
	if err != nil {
		return 0, "", err
	}
	return number, animals[i], nil
}
