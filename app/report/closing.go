package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
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
// holds them best. Its last four digits are a sum over the rest, so that a typing error
// shows as one.
func (c ClosingSheet) Code() string {
	parts := []string{sheetTag, c.Session.String(), short(c.Digest)}
	for _, r := range c.Heads.Replicas() {
		parts = append(parts, r.String()+"-"+strconv.FormatUint(c.Heads[r].Seq, 10)+"-"+short(c.Heads[r].Hash.String()))
	}
	line := strings.ToLower(strings.Join(parts, ":"))
	return strings.ToUpper(line + ":" + checkDigits(line))
}

func checkDigits(line string) string {
	sum := sha256.Sum256([]byte(line))
	return hex.EncodeToString(sum[:2])
}

func short(digits string) string { return digits[:min(hashDigits, len(digits))] }

// sheetHead is how far a log went by a closing sheet, and the beginning of its hash.
type sheetHead struct {
	replica oplog.ReplicaID
	seq     uint64
	hash    string
}

// readSheet reads the line of a closing sheet; why says what is wrong with it.
func readSheet(line string) (session string, heads []sheetHead, why string) {
	line = strings.ToLower(strings.Join(strings.Fields(line), ""))
	tag := strings.ToLower(sheetTag)
	if !strings.HasPrefix(line, tag+":") {
		return "", nil, "this is not the line of a closing sheet: it begins with " + sheetTag
	}
	end := strings.LastIndex(line, ":")
	if checkDigits(line[:end]) != line[end+1:] {
		return "", nil, "the line of the closing sheet has a typing error, or is not whole: compare it once more, 0 is a zero"
	}
	parts := strings.Split(line[:end], ":")
	if len(parts) < 3 {
		return "", nil, "the line of the closing sheet is not whole"
	}
	for _, head := range parts[3:] {
		fields := strings.Split(head, "-")
		var h sheetHead
		if len(fields) != 3 || oplog.ParseHex(h.replica[:], fields[0]) != nil {
			return "", nil, "the closing sheet cannot be read at " + head
		}
		var err error
		if h.seq, err = strconv.ParseUint(fields[1], 10, 64); err != nil {
			return "", nil, "the closing sheet cannot be read at " + head
		}
		h.hash = fields[2]
		heads = append(heads, h)
	}
	return parts[1], heads, ""
}

// CheckSheet compares a record with the line of its closing sheet, and gives what is
// wrong with it, "" for nothing. log gives the hash of a log's entry of that number, zero
// where there is none. What was written since is no fault, see AfterSheet.
func CheckSheet(line string, session oplog.SessionID, log func(oplog.ReplicaID, uint64) oplog.Hash) string {
	of, heads, why := readSheet(line)
	if why != "" {
		return why
	}
	if of != session.String() {
		return "the closing sheet is that of another session"
	}
	for _, h := range heads {
		switch hash := log(h.replica, h.seq); {
		case hash == oplog.Hash{}:
			return fmt.Sprintf("the log %s ends before entry %d, up to which it went when the session was closed", h.replica, h.seq)
		case short(hash.String()) != h.hash:
			return fmt.Sprintf("entry %d of %s is another one than when the session was closed", h.seq, h.replica)
		}
	}
	return ""
}

// AfterSheet gives how many entries the record has that came after a closing sheet: that
// names were erased, or a licence chosen. Errors: those of heads.
func AfterSheet(line string, heads func() (oplog.Heads, error)) (int, error) {
	_, known, why := readSheet(line)
	held, err := heads()
	if err != nil || why != "" {
		return 0, err
	}
	added := 0
	for _, head := range held {
		added += int(head.Seq)
	}
	for _, h := range known {
		added -= int(min(h.seq, held[h.replica].Seq))
	}
	return added, nil
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
