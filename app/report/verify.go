package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

const sumsFile = "SHA256SUMS"

// ErrNoPack occurs when a folder holds no SHA256SUMS, neither itself nor in its parts.
var ErrNoPack = errors.New("this is no pack of Folkmoot")

// Verification is what VerifyPack found; it is what `verify --json` prints of a pack.
type Verification struct {
	OK bool `json:"ok"`
	// Entries and Redacted count the entries of the log, where there is one.
	Entries  int `json:"entries"`
	Redacted int `json:"redacted"`
	// Digest is that of the session which the log adds up to; "" without a log.
	Digest string `json:"digest"`
	// FirstBad is the first entry of the log that is wrong, nil where none is.
	FirstBad *BadEntry `json:"first_bad"`
	// Files is how many files were summed up, BadFiles those that are wrong.
	Files    int       `json:"files"`
	BadFiles []BadFile `json:"bad_files"`
	// Uncounted says that the Polis files are larger than what is read again.
	Uncounted bool `json:"-"`

	// Sheet says what came of comparing with a closing sheet, where that was well.
	Sheet string `json:"sheet,omitempty"`
	// Splits are logs that were written on two devices at once.
	Splits []Split `json:"splits,omitempty"`
	// Unpaired are the logs of devices that were unpaired.
	Unpaired []Unpaired `json:"unpaired,omitempty"`

	state *moot.View // of the log, where there is one
}

// Split is a log of which a part does not count, until somebody names the branch that
// holds.
type Split struct {
	Replica  string   `json:"replica"`
	Seq      uint64   `json:"seq"`
	Branches []string `json:"branches"`
	Counts   bool     `json:"counts"`
}

// Unpaired is the log of a device that was unpaired: what it says above Seq does not count.
type Unpaired struct {
	Replica string `json:"replica"`
	Seq     uint64 `json:"seq"`
	At      uint64 `json:"at"` // milliseconds since 1970
	// Above is how many entries of it do not count.
	Above uint64 `json:"above"`
}

// BadEntry names an entry that is wrong.
type BadEntry struct {
	Replica string `json:"replica"`
	Seq     uint64 `json:"seq"`
	Why     string `json:"why"`
}

// BadFile names a file that is wrong, missing or not listed.
type BadFile struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

func (v *Verification) bad(path, why string) {
	v.OK = false
	v.BadFiles = append(v.BadFiles, BadFile{Path: path, Why: why})
}

func (v *Verification) why() string {
	if v.FirstBad != nil {
		return fmt.Sprintf("entry %d of %s: %s", v.FirstBad.Seq, v.FirstBad.Replica, v.FirstBad.Why)
	}
	if len(v.BadFiles) > 0 {
		return v.BadFiles[0].Path + ": " + v.BadFiles[0].Why
	}
	return ""
}

// VerifyPack checks a pack, or one part of it: every file's sum, no file missing or
// added, the log's chain and signatures and that it adds up to the state of which the
// pack was made, and the Polis files counted again, by the log where it is there.
// Errors: ErrNoPack, and what the disk says.
func VerifyPack(path string) (Verification, error) {
	v := Verification{OK: true, BadFiles: []BadFile{}}
	parts, err := partsOf(path)
	if err != nil {
		return Verification{}, err
	}
	if _, err := os.Stat(filepath.Join(path, sumsFile)); err == nil {
		parts = []string{"."}
	}
	if len(parts) == 0 {
		return Verification{}, fmt.Errorf("report: verify %s: %w", path, ErrNoPack)
	}
	for _, part := range parts {
		if err := v.part(filepath.Join(path, part)); err != nil {
			return Verification{}, err
		}
	}
	return v, nil
}

// partsOf gives the names of the parts that a folder has.
func partsOf(dir string) ([]string, error) {
	var parts []string
	for _, part := range []string{privatePart, publicPart} {
		info, err := os.Stat(filepath.Join(dir, part))
		switch {
		case err == nil && info.IsDir():
			parts = append(parts, part)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("report: look for the parts of a pack: %w", err)
		}
	}
	return parts, nil
}

func (v *Verification) part(root string) error {
	name := filepath.Base(root)
	sums, err := readAbout(filepath.Join(root, sumsFile))
	if err != nil {
		v.bad(name+"/"+sumsFile, "it is missing")
		return nil
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		sum, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || !filepath.IsLocal(filepath.FromSlash(path)) {
			v.bad(name+"/"+sumsFile, "a line is not a sum and a path")
			return nil
		}
		listed[path] = sum
	}
	paths, err := filesBelow(root)
	if err != nil {
		return err
	}
	paths = slices.DeleteFunc(paths, func(path string) bool {
		// A link leads to what is not in the pack, and a pipe never ends.
		info, err := os.Lstat(filepath.Join(root, filepath.FromSlash(path)))
		strange := err == nil && !info.Mode().IsRegular()
		if strange {
			v.bad(name+"/"+path, "it is not a file of its own")
			delete(listed, path)
		}
		return strange
	})
	for _, path := range paths {
		if path == sumsFile {
			continue
		}
		v.Files++
		sum, err := sumOf(filepath.Join(root, filepath.FromSlash(path)))
		switch {
		case err != nil:
			return err
		case listed[path] == "":
			v.bad(name+"/"+path, "it is not listed in "+sumsFile)
		case listed[path] != sum:
			v.bad(name+"/"+path, "its sum is another one")
		}
	}
	for path := range listed {
		if !slices.Contains(paths, path) {
			v.bad(name+"/"+path, "it is missing")
		}
	}
	slices.SortFunc(v.BadFiles, func(a, b BadFile) int { return strings.Compare(a.Path, b.Path) })
	if slices.Contains(paths, "log.jsonl") {
		if err := v.log(filepath.Join(root, "log.jsonl"), name+"/log.jsonl"); err != nil {
			return err
		}
	}
	v.recount(root, name, paths)
	return nil
}

// recount compares what the data package states with the log, and reads the Polis
// folders as an import would and compares them with both.
func (v *Verification) recount(root, name string, paths []string) {
	var stated struct { // the rest of a dataPackage is not looked at, and may be any size
		Counts packCounts `json:"counts"`
		Digest string     `json:"digest"`
	}
	data, err := readAbout(filepath.Join(root, "datapackage.json"))
	if err == nil {
		err = json.Unmarshal(data, &stated)
	}
	if err != nil {
		v.bad(name+"/datapackage.json", "it cannot be read")
		return
	}
	if v.state != nil && stated.Digest != v.Digest {
		v.bad(name+"/datapackage.json", "the log adds up to another session than the one of which the pack was made: entries are missing at its end, or it is another log")
	}
	for _, folder := range []string{"polis", "polis-zip"} {
		if !slices.Contains(paths, folder+"/votes.csv") {
			continue
		}
		read, err := intake.OpenPolis(filepath.Join(root, folder), intake.PolisOptions{})
		var fault *intake.Fault
		switch {
		case errors.As(err, &fault) && fault.Code == intake.TooBig:
			v.Uncounted = true
		case err != nil:
			v.bad(name+"/"+folder, "it cannot be read again: "+err.Error())
		case packCounts{Participants: read.Counts.Participants, Statements: read.Counts.Statements, Votes: read.Counts.Votes} != stated.Counts:
			v.bad(name+"/"+folder, fmt.Sprintf("it holds %d votes of %d people on %d statements, not %d of %d on %d",
				read.Counts.Votes, read.Counts.Participants, read.Counts.Statements, stated.Counts.Votes, stated.Counts.Participants, stated.Counts.Statements))
		case v.state != nil && !slices.Equal(talliesOf(read), talliesIn(v.state)):
			v.bad(name+"/"+folder, "its votes are not those of the log")
		}
	}
}

// tally is how a statement was voted on: agree, disagree, pass.
type tally [3]int

// talliesOf gives how the statements of a Polis export were voted on, in ascending
// order, since a pack numbers them anew; those without votes are left out.
func talliesOf(read *intake.Polis) []tally {
	all := map[int32]tally{}
	for _, vote := range read.LastVotes() {
		t := all[vote.Statement]
		t[map[int8]int{1: 0, -1: 1, 0: 2}[vote.Value]]++
		all[vote.Statement] = t
	}
	return ascending(all)
}

// talliesIn gives the same of a session's state.
func talliesIn(state *moot.View) []tally {
	all := map[moot.StatementID]tally{}
	for _, p := range state.People() {
		for id, cell := range p.Votes() {
			// A vote on a statement that is not there stands in no file.
			if place := slices.Index([]moot.Vote{moot.Agree, moot.Disagree, moot.Pass}, cell.Value); place >= 0 && state.Statement(id) != nil {
				t := all[id]
				t[place]++
				all[id] = t
			}
		}
	}
	return ascending(all)
}

func ascending[K comparable](all map[K]tally) []tally {
	list := slices.Collect(maps.Values(all))
	slices.SortFunc(list, func(a, b tally) int { return slices.Compare(a[:], b[:]) })
	return list
}

// errBad ends the reading of a log at a wrong entry, which is noted.
var errBad = errors.New("an entry is wrong")

// log checks every entry of log.jsonl, and that each line says what its entry says.
func (v *Verification) log(path, name string) error {
	session, err := sessionIn(path)
	if err != nil || session == (oplog.SessionID{}) {
		return err
	}
	marked := false // some line says that its entry does not count
	state, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		chain := oplog.NewChain(session)
		v.Entries, v.Redacted = 0, 0
		bad, err := eachLine(path, func(e oplog.Entry, line LogLine) error {
			marked = marked || line.Excluded
			err := chain.Next(e)
			if err == nil {
				err = apply(e)
			}
			if err == nil {
				v.Entries++
				v.Redacted += btoi(e.Redacted())
			}
			return err
		})
		if bad != nil {
			v.OK, v.FirstBad = false, bad
			return errBad
		}
		return err
	})
	if errors.Is(err, errBad) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("report: verify %s: %w", name, err)
	}
	v.state = state.View()
	v.Digest, v.Splits, v.Unpaired = v.state.Digest(), SplitsOf(v.state), UnpairedOf(v.state)
	if !marked && len(v.Splits)+len(v.Unpaired) == 0 {
		return nil
	}
	counts := v.state.Counting()
	bad, err := eachLine(path, func(e oplog.Entry, line LogLine) error {
		if line.Excluded == counts(e) {
			return errors.New("the line says something else than the record on whether its entry counts")
		}
		return nil
	})
	if bad != nil {
		v.OK, v.FirstBad = false, bad
	}
	return err
}

// sessionIn gives the session of a log's first entry, zero for one that is empty or
// cannot be read: the reading of the whole says why.
func sessionIn(path string) (oplog.SessionID, error) {
	session := oplog.SessionID{1} // of a first line that cannot be read
	any := false
	_, err := eachLine(path, func(e oplog.Entry, _ LogLine) error {
		session, any = e.Session, true
		return errBad // one is enough
	})
	if info, serr := os.Stat(path); !any && serr == nil && info.Size() == 0 {
		return oplog.SessionID{}, err
	}
	return session, err
}

// SplitsOf gives the logs of a state of which a part does not count.
func SplitsOf(state *moot.View) []Split {
	var out []Split
	for _, s := range state.Splits {
		split := Split{Replica: s.Replica.String(), Seq: s.Seq, Counts: s.Counts()}
		for _, hash := range s.Branches {
			split.Branches = append(split.Branches, hash.String())
		}
		out = append(out, split)
	}
	return out
}

// UnpairedOf gives the logs of a state that belong to devices which were unpaired.
func UnpairedOf(state *moot.View) []Unpaired {
	var out []Unpaired
	for _, u := range state.Unpaired() {
		out = append(out, Unpaired{Replica: u.Replica.String(), Seq: u.Seq, At: u.At, Above: u.Above})
	}
	return out
}

// eachLine reads log.jsonl line by line and gives the first line that is wrong.
func eachLine(path string, take func(oplog.Entry, LogLine) error) (*BadEntry, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	for {
		text, err := NextLine(lines)
		if err == io.EOF {
			return nil, nil
		}
		if err != nil && !errors.Is(err, ErrLongLine) {
			return nil, err
		}
		var line LogLine
		var entry oplog.Entry
		if err == nil {
			entry, err = readLogLine(text, &line)
		}
		if err == nil {
			err = take(entry, line)
		}
		if err != nil {
			return &BadEntry{Replica: line.Replica, Seq: line.Seq, Why: err.Error()}, nil
		}
	}
}

// readLogLine gives the entry of a line, and an error where the line says anything
// else than its entry.
func readLogLine(text []byte, line *LogLine) (oplog.Entry, error) {
	if err := json.Unmarshal(text, line); err != nil {
		return oplog.Entry{}, fmt.Errorf("the line cannot be read: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(line.Entry)
	if err != nil {
		return oplog.Entry{}, fmt.Errorf("the entry cannot be read: %w", err)
	}
	entry, err := oplog.Decode(raw)
	if err != nil {
		return oplog.Entry{}, err
	}
	again, err := logLine(entry)
	again.Excluded = line.Excluded // held against the state by who knows it
	if err != nil {
		return oplog.Entry{}, err
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if err := out.Encode(again); err != nil {
		return oplog.Entry{}, err
	}
	if !bytes.Equal(bytes.TrimRight(text, "\r\n"), bytes.TrimRight(b.Bytes(), "\n")) {
		return oplog.Entry{}, errors.New("the line says something else than its entry")
	}
	return entry, nil
}

// filesBelow gives all files of a folder by slash-separated path, ascending.
func filesBelow(root string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		paths = append(paths, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("report: list files: %w", err)
	}
	slices.Sort(paths)
	return paths, nil
}

// sumOf gives the SHA-256 sum of a file in hexadecimal digits.
func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("report: sum up: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("report: sum up: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// rowsOf counts the rows of a table or log.
func rowsOf(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("report: count rows: %w", err)
	}
	defer file.Close()
	rows := 0
	switch filepath.Ext(path) {
	case ".csv":
		in := csv.NewReader(bufio.NewReader(file))
		in.ReuseRecord, in.FieldsPerRecord = true, -1
		for {
			if _, err = in.Read(); err != nil {
				break
			}
			rows++
		}
		if filepath.Base(path) != "summary.csv" {
			rows--
		}
	case ".jsonl":
		in := bufio.NewReader(file)
		for {
			if _, err = in.ReadBytes('\n'); err != nil {
				break
			}
			rows++
		}
	}
	if err != nil && err != io.EOF {
		return 0, fmt.Errorf("report: count rows of %s: %w", filepath.Base(path), err)
	}
	return rows, nil
}
