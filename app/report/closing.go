package report

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	qr "github.com/piglig/go-qr"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

//go:embed recount.py
var recountScript []byte

// ClosingSheet says, short enough for paper and a QR code, how far the record went when
// a session was closed: against it a tail that was cut off later shows.
type ClosingSheet struct {
	Session oplog.SessionID
	// Digest is that of the state.
	Digest string
	Heads  oplog.Heads
}

const sheetTag = "FOLKMOOT1"

// hashDigits is how many digits of hash and digest stand on the sheet: 64 bits.
const hashDigits = 16

// Code gives the sheet as one line of capital letters, digits and signs, as a QR code
// holds them best.
func (c ClosingSheet) Code() string {
	parts := []string{sheetTag, c.Session.String(), short(c.Digest)}
	for _, r := range c.Heads.Replicas() {
		parts = append(parts, r.String()+"-"+strconv.FormatUint(c.Heads[r].Seq, 10)+"-"+short(c.Heads[r].Hash.String()))
	}
	return strings.ToUpper(strings.Join(parts, ":"))
}

func short(digits string) string { return digits[:min(hashDigits, len(digits))] }

// CheckSheet compares a record with the line of its closing sheet, and gives what is
// wrong with it, "" for nothing. log gives the hash of a log's entry of that number, zero
// where there is none.
func CheckSheet(line string, session oplog.SessionID, digest string, log func(oplog.ReplicaID, uint64) oplog.Hash) string {
	parts := strings.Split(strings.ToLower(strings.Join(strings.Fields(line), "")), ":")
	if len(parts) < 3 || parts[0] != strings.ToLower(sheetTag) {
		return "this is not the line of a closing sheet: it begins with " + sheetTag
	}
	if parts[1] != session.String() {
		return "the closing sheet is that of another session"
	}
	for _, head := range parts[3:] {
		fields := strings.Split(head, "-")
		var r oplog.ReplicaID
		if len(fields) != 3 || oplog.ParseHex(r[:], fields[0]) != nil {
			return "the closing sheet cannot be read at " + head
		}
		seq, err := strconv.ParseUint(fields[1], 10, 64)
		if err != nil {
			return "the closing sheet cannot be read at " + head
		}
		switch hash := log(r, seq); {
		case hash == oplog.Hash{}:
			return fmt.Sprintf("the log %s ends before entry %d, up to which it went when the session was closed", r, seq)
		case short(hash.String()) != fields[2]:
			return fmt.Sprintf("entry %d of %s is another one than when the session was closed", seq, r)
		}
	}
	if digest != "" && short(digest) != parts[2] {
		return "something was written after the session was closed: the state is another one"
	}
	return ""
}

// SheetOf gives the closing sheet of a state and its record. Errors: those of the record.
func SheetOf(state *moot.View, entries func(yield func(oplog.Entry) bool) error) (ClosingSheet, error) {
	sheet := ClosingSheet{Session: state.Session.ID, Digest: state.Digest(), Heads: oplog.Heads{}}
	err := entries(func(e oplog.Entry) bool {
		sheet.Heads[e.Replica] = oplog.Head{Seq: e.Seq, Hash: e.Hash()}
		return true
	})
	if err != nil {
		return ClosingSheet{}, fmt.Errorf("report: closing sheet: %w", err)
	}
	return sheet, nil
}

// WriteClosing writes the closing sheet as a page to be printed. Error: ErrNoLog.
func WriteClosing(w io.Writer, s *Source) error {
	if s.options.Entries == nil {
		return fmt.Errorf("report: closing sheet: %w", ErrNoLog)
	}
	sheet, err := SheetOf(s.record, s.options.Entries)
	if err != nil {
		return err
	}
	code, err := qr.EncodeText(sheet.Code(), qr.Low)
	if err != nil {
		code = nil // more logs than a code holds: the line below it says the same
	}
	_, err = io.WriteString(w, closingPage(s, sheet, code))
	if err != nil {
		return fmt.Errorf("report: closing sheet: %w", err)
	}
	return nil
}

func closingPage(s *Source, sheet ClosingSheet, code *qr.QrCode) string {
	var b strings.Builder
	e := html.EscapeString
	fmt.Fprintf(&b, `<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title><style>body{font:16px/1.6 "Noto Sans TC","PingFang TC","Microsoft JhengHei",sans-serif;max-width:44rem;margin:2rem auto;padding:0 1.2rem;color:#1b1f24;background:#fff}h1{font-size:1.5rem;margin:0}svg{display:block;width:min(60mm,100%%);height:auto;margin:1.2rem 0}code{word-break:break-all;font-size:.82rem}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem 1.2rem .15rem 0;font-weight:400}th{color:#57606a}hr{border:0;border-top:1px solid #d0d7de;margin:1.4rem 0}</style>
`, e(plain("closing")[0]))
	for lang, tag := range []string{words.Chinese, words.English} {
		title, about := plain("closing")[lang], plain("closing_about")[lang]
		fmt.Fprintf(&b, "<section lang=%q><h1>%s</h1><p>%s · %s</p><p>%s</p></section>\n", tag, e(title), e(s.title(tag)), e(s.day()), e(about))
	}
	if code != nil {
		b.WriteString(modules(code))
	}
	fmt.Fprintf(&b, "<p><code>%s</code></p><hr><table>", e(sheet.Code()))
	for i, r := range sheet.Heads.Replicas() {
		fmt.Fprintf(&b, "<tr><th>%d</th><td><code>%s</code></td><td>%d</td></tr>", i+1, e(r.String()), sheet.Heads[r].Seq)
	}
	b.WriteString("</table></html>\n")
	return b.String()
}

// modules draws a QR code as an SVG with its margin.
func modules(code *qr.QrCode) string {
	const margin = 4
	var path strings.Builder
	for y := range code.Size() {
		for x := range code.Size() {
			if code.Module(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+margin, y+margin)
			}
		}
	}
	side := code.Size() + 2*margin
	return fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="QR"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, side, side, side, side, path.String())
}
