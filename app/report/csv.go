package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// table writes a CSV file for tools: UTF-8 without a mark, LF, quotes where RFC 4180
// asks for them.
func table(to Target, path string, rows func(row func(...string))) error {
	return write(to, path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		rows(func(cells ...string) { out.Write(cells) }) // Flush and Error tell what went wrong
		out.Flush()
		return out.Error()
	})
}

// oneLine puts a blank for each line break inside a text.
func oneLine(text string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\u2028", " ", "\u2029", " ").Replace(text)
}

func itoa(n int) string { return strconv.Itoa(n) }

func utoa(n uint64) string { return strconv.FormatUint(n, 10) }
