package report

import (
	"bufio"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

//go:embed columns.json
var columnsFile []byte

// columnMeanings gives type and meaning (Chinese, English) of every column.
var columnMeanings = sync.OnceValue(func() map[string][3]string {
	var all map[string][3]string
	if err := json.Unmarshal(columnsFile, &all); err != nil {
		panic("report: read embedded columns: " + err.Error())
	}
	return all
})

// dataPackage is a tabular data package (Frictionless Data), the dictionary of a
// part of a pack.
type dataPackage struct {
	Profile      string        `json:"profile"`
	Name         string        `json:"name"`
	Title        string        `json:"title"`
	Description  string        `json:"description"`
	Created      string        `json:"created"`
	Licenses     []dataLicence `json:"licenses,omitempty"`
	Contributors []dataPerson  `json:"contributors,omitempty"`
	Counts       packCounts    `json:"counts"`
	// Digest is that of the state which the log adds up to.
	Digest    string         `json:"digest"`
	Resources []dataResource `json:"resources"`
}

type dataLicence struct {
	Name string `json:"name"`
	Path string `json:"path,omitempty"`
}

type dataPerson struct {
	Title string `json:"title"`
	Role  string `json:"role"`
}

// packCounts are what a recount has to give.
type packCounts struct {
	Participants int `json:"participants"` // people with a vote
	Statements   int `json:"statements"`
	Votes        int `json:"votes"` // the last of each person on each statement
}

type dataResource struct {
	Profile  string       `json:"profile"`
	Name     string       `json:"name"`
	Path     string       `json:"path"`
	Format   string       `json:"format"`
	Encoding string       `json:"encoding"`
	Dialect  *dataDialect `json:"dialect,omitempty"`
	Schema   dataSchema   `json:"schema"`
}

type dataDialect struct {
	Header bool `json:"header"`
}

type dataSchema struct {
	Fields        []dataField `json:"fields"`
	MissingValues []string    `json:"missingValues"`
}

type dataField struct {
	Name          string `json:"name"`
	Type          string `json:"type"`
	Description   string `json:"description"`
	DescriptionZH string `json:"description_zh"`
	DescriptionEN string `json:"description_en"`
}

// counts gives what is in the Polis files.
func (s *Source) counts() packCounts {
	c := packCounts{Participants: s.voters(), Statements: len(s.comments)}
	for _, st := range s.comments {
		c.Votes += s.tallies[st.ID].Voted()
	}
	return c
}

// describe gives the data package of a part: every CSV file below dir among paths.
func (s *Source) describe(dir string, paths []string) (dataPackage, error) {
	session := s.record.Session
	p := dataPackage{Profile: "tabular-data-package", Name: dataName(Slug(s.title(words.English))), Title: s.title(words.Chinese), Description: Rule,
		Created: s.Now.Format("2006-01-02T15:04:05Z07:00"), Counts: s.counts(), Digest: s.record.Digest(), Resources: []dataResource{}}
	if licence := session.Get(moot.Licence); licence != "" {
		p.Licenses = []dataLicence{{Name: licence, Path: licences[licence]}}
	}
	if organiser := session.Get(moot.Organiser); organiser != "" {
		p.Contributors = []dataPerson{{Title: organiser, Role: "publisher"}}
	}
	for _, path := range paths {
		if !strings.HasSuffix(path, ".csv") {
			continue
		}
		resource, err := describeTable(dir, path)
		if err != nil {
			return dataPackage{}, err
		}
		p.Resources = append(p.Resources, resource)
	}
	return p, nil
}

// describeTable gives the meaning of a table's columns, read from its header.
func describeTable(dir, path string) (dataResource, error) {
	r := dataResource{Profile: "tabular-data-resource", Name: dataName(strings.TrimSuffix(path, ".csv")), Path: path, Format: "csv", Encoding: "utf-8",
		Schema: dataSchema{Fields: []dataField{}, MissingValues: []string{""}}}
	header := []string{"key", "value"}
	if filepath.Base(path) == "summary.csv" {
		r.Dialect = &dataDialect{Header: false}
	} else {
		file, err := os.Open(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			return r, fmt.Errorf("report: describe %s: %w", path, err)
		}
		defer file.Close()
		if header, err = csv.NewReader(bufio.NewReader(file)).Read(); err != nil {
			return r, fmt.Errorf("report: describe %s: %w", path, err)
		}
	}
	for _, column := range header {
		kind, zh, en := columnMeaning(column)
		r.Schema.Fields = append(r.Schema.Fields, dataField{Name: column, Type: kind, Description: zh + " / " + en, DescriptionZH: zh, DescriptionEN: en})
	}
	return r, nil
}

var groupColumn = regexp.MustCompile(`^group-([a-z])-(votes|agrees|disagrees|passes)$`)

// columnMeaning gives type and meaning of a column: of the dictionary, of a group's
// counts, else of a statement's votes.
func columnMeaning(column string) (kind, zh, en string) {
	if known, ok := columnMeanings()[column]; ok {
		return known[0], known[1], known[2]
	}
	if match := groupColumn.FindStringSubmatch(column); match != nil {
		letter, total := strings.ToUpper(match[1]), columnMeanings()["total-"+match[2]]
		return "integer", "意見群 " + letter + "：" + total[1], "Opinion group " + letter + ": " + strings.ToLower(total[2])
	}
	return "integer", "對第 " + column + " 則意見的票：1 同意，-1 不同意，0 略過，空白是沒看到", "Vote on statement " + column + ": 1 agree, -1 disagree, 0 pass, empty never seen"
}

// dataName makes a name that a data package allows: lower-case Latin letters, digits
// and dashes.
func dataName(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" {
		return name
	}
	return "folkmoot"
}
