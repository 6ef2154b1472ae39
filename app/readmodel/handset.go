package readmodel

// HandsetPlace is the screen of a tablet.
type HandsetPlace string

// The places. Those up to AtMove come before somebody takes part; AtHand is the
// curtain between two people.
const (
	AtStart    HandsetPlace = "start"    // sessions found, and those kept here
	AtPairing  HandsetPlace = "pairing"  // six digits on both screens
	AtFetching HandsetPlace = "fetching" // the session is on its way here
	AtUnpaired HandsetPlace = "unpaired" // this tablet no longer belongs to the session
	AtWelcome  HandsetPlace = "welcome"
	AtHand     HandsetPlace = "hand"
	AtBadge    HandsetPlace = "badge" // the ten characters
	AtMove     HandsetPlace = "move"  // the badge is in use on another device
	AtNotice   HandsetPlace = "notice"
	AtName     HandsetPlace = "name"
	AtPractice HandsetPlace = "practice"
	AtQuestion HandsetPlace = "question"
	AtVote     HandsetPlace = "vote"
	AtEarlier  HandsetPlace = "earlier"
	AtWrite    HandsetPlace = "write"
	AtDone     HandsetPlace = "done"
	AtEmpty    HandsetPlace = "empty"
	AtWait     HandsetPlace = "wait"
	AtClosed   HandsetPlace = "closed"
	AtResults  HandsetPlace = "results"
	AtMap      HandsetPlace = "map"
	AtTable    HandsetPlace = "table"
	AtDown     HandsetPlace = "down" // devices down
)

// HandsetStage is how far a person has come before the statements.
type HandsetStage string

// The stages.
const (
	StageNotice   HandsetStage = "notice"
	StageName     HandsetStage = "name"
	StagePractice HandsetStage = "practice"
	StageReady    HandsetStage = "ready"
)

// Handset is what a participants' tablet shows, worked out from what is known. It is a
// value: nobody changes it once it is given.
type Handset struct {
	Place HandsetPlace
	Lang  string
	Dark  bool

	Start   HandsetOffers
	Pairing *HandsetPairing

	// Title, Mark and Person stand at the top; Person is nil while nobody takes part, and
	// so is everything below it.
	Title  string
	Mark   string
	Person *Seat
	Sheet  HandsetSheet // what the session is about
	// First says that the person reads Sheet for the first time.
	First bool

	Practice  *HandsetBallot
	Question  *HandsetQuestion
	Ballot    *HandsetBallot
	Answered  int
	Total     int
	Open      bool // statements may be answered and written
	CanChange bool // the 0 to 5 question may be answered anew
	Draft     string
	Limit     int
	Own       []ToldOwn
	Results   *HandsetResults
	Map       *MapForRoom
	Table     *Table
	Step      *ToldStep
	Tabs      []HandsetPlace

	// Banner is what stands over everything, all of it calm: nothing is lost.
	Banner []HandsetLine
	// Saved says how the answers are: "" says nothing.
	Saved HandsetSaved
	Kept  int
	// Notice is what just happened, nil for nothing.
	Notice *HandsetLine
	// Idle is in how many seconds the next person may begin, 0 while that is not asked.
	Idle int
	// Offset is the hub's clock minus this tablet's in milliseconds, as far as it is known.
	Offset int64
}

// HandsetSaved is how far the answers have come.
type HandsetSaved string

// The marks: here, on their way, on a hub's disk.
const (
	SavedHere HandsetSaved = "here"
	Sending   HandsetSaved = "sending"
	SavedHub  HandsetSaved = "hub"
)

// HandsetLine is a text of the catalogue. Arg is an argument Text that is itself a text of
// the catalogue, "" for none. Good says that it tells of nothing to mind.
type HandsetLine struct {
	Key  string
	Args map[string]any
	Arg  string
	Good bool
}

// HandsetOffers is what can be joined.
type HandsetOffers struct {
	Found []HandsetOffer
	Kept  []HandsetOffer // on this tablet already
	// Name is what others call this tablet, "" where nothing is known of it.
	Name string
	// Looking says that this tablet can look for hubs at all.
	Looking bool
}

// HandsetOffer is a session that was found, or is kept.
type HandsetOffer struct {
	ID      string
	Title   string
	Host    string
	Address string
	Full    bool // it takes no further tablet
	Kept    int  // answers here that no hub has confirmed
	// Unpaired says that this tablet was taken out of the session.
	Unpaired bool
}

// PairingStand is how a pairing goes.
type PairingStand string

// The stands.
const (
	PairingAsking   PairingStand = "asking"  // the other side is being reached
	PairingCompare  PairingStand = "compare" // do both screens show the digits?
	PairingWaiting  PairingStand = "waiting" // for the facilitator
	PairingDeclined PairingStand = "declined"
	PairingExpired  PairingStand = "expired"
	PairingFailed   PairingStand = "failed"
)

// PairingReason is why a pairing came to nothing, "" where the stand says it.
type PairingReason string

// The reasons.
const (
	ReasonDamaged   PairingReason = "damaged"    // the link is not whole
	ReasonNoLink    PairingReason = "no_link"    // the text is neither a link nor an address
	ReasonLinkNewer PairingReason = "link_newer" // a newer program made the link
	ReasonSpent     PairingReason = "spent"      // the link was used, or another one took its place
	ReasonImpostor  PairingReason = "impostor"   // another device answers than the one that showed the link
	ReasonOwn       PairingReason = "own"        // it is this device, or a copy of it
	ReasonVersion   PairingReason = "version"    // the two programs cannot talk to each other
	ReasonCrowd     PairingReason = "crowd"      // too many devices ask
)

// HandsetPairing is a pairing that is under way, or came to nothing.
type HandsetPairing struct {
	Stand  PairingStand
	Reason PairingReason
	Digits string
	Host   string
	Title  string
}

// HandsetSheet is what a session says of itself, in the reader's language.
type HandsetSheet struct {
	About, Use, Contact, Licence, Mark string
	Sample, Rehearsal                  bool
}

// HandsetBallot is a statement to answer. Chosen is the answer given before, "" for none.
type HandsetBallot struct {
	ID, Text, Lang, Chosen string
}

// HandsetQuestion is the 0 to 5 question; Given is -1 for no answer.
type HandsetQuestion struct {
	ID, Text, Low, High string
	Given               int
}
