package readmodel

// TouchKind is what a person did on a tablet.
type TouchKind string

// The kinds, with what Key, Text and Number of a Touch hold.
const (
	TouchAny      TouchKind = "any"      // something was touched: somebody is there
	TouchLang     TouchKind = "lang"     // Text: the language
	TouchDark     TouchKind = "dark"     // the other palette
	TouchOffer    TouchKind = "offer"    // Key: a session that was found
	TouchOpen     TouchKind = "open"     // Key: a session that is kept here
	TouchAddress  TouchKind = "address"  // Text: an address, or a link
	TouchDevice   TouchKind = "device"   // Text: what this tablet is called
	TouchConfirm  TouchKind = "confirm"  // both screens show the same digits
	TouchCancel   TouchKind = "cancel"   // the pairing
	TouchLeave    TouchKind = "leave"    // back to the list of sessions
	TouchJoin     TouchKind = "join"     // a person begins
	TouchBadge    TouchKind = "badge"    // Text: the ten characters
	TouchMove     TouchKind = "move"     // the badge moves here
	TouchStay     TouchKind = "stay"     // it stays where it is
	TouchBegin    TouchKind = "begin"    // the notice was read
	TouchName     TouchKind = "name"     // Text: the name, "" for none
	TouchPractise TouchKind = "practise" // Text: agree, disagree or pass
	TouchReady    TouchKind = "ready"    // practised
	TouchVote     TouchKind = "vote"     // Key: the statement; Text: agree, disagree, pass or none
	TouchBack     TouchKind = "back"     // the latest answer again, and the one before it
	TouchAnswer   TouchKind = "answer"   // Number: 0 … 5
	TouchSkip     TouchKind = "skip"     // the question
	TouchWant     TouchKind = "want"     // Text: a HandsetPlace, "" for what the session shows
	TouchAbout    TouchKind = "about"    // what this is about, and back
	TouchDraft    TouchKind = "draft"    // Text: what is being written
	TouchWrite    TouchKind = "write"    // Text: a statement to send
	TouchClose    TouchKind = "close"    // the notice of what happened
	TouchPass     TouchKind = "pass"     // the next person
	TouchStill    TouchKind = "still"    // still reading
)

// Touch is one thing that a person did on a tablet.
type Touch struct {
	Kind   TouchKind
	Key    string
	Text   string
	Number int
}
