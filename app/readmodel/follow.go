package readmodel

// FollowOffer is a session of another laptop on this network.
type FollowOffer struct {
	// ID is the laptop's; Title is the session's, Host what the laptop is called.
	ID, Title, Host string
	// Address is where it answers first.
	Address string
	// Session is the session's id where this computer follows it already, else "".
	Session string
}

// FollowWish is what this computer is to be.
type FollowWish struct {
	// ID is that of an offer. Text is an address or link that was typed or pasted, in its place.
	ID, Text string
	// Room says that this computer holds a room of its own in the same session, rather than
	// standing by as a backup.
	Room bool
	// Again asks although this computer takes part in the session already: the other one may
	// have sent it away.
	Again bool
}

// Follow is how far it has come that this computer follows another laptop.
type Follow struct {
	// Looking says that laptops are looked for on the network, Offers are those found, by title.
	Looking bool
	Offers  []FollowOffer
	// Trouble stands against finding any; nil for nothing.
	Trouble *Trouble
	// Asked is the laptop that was asked; nil as long as none was.
	Asked *FollowAsked
	// Session is the id of the session that this computer follows now; "" until it does.
	Session string
}

// FollowAsked is a laptop that was asked to let this one in.
type FollowAsked struct {
	Stand PairingStand
	// Digits are the six that have to stand on both screens; "" with a link.
	Digits string
	// Host and Title are those of the laptop and its session, "" until it answered.
	Host, Title string
	// Wish is what was wished for.
	Wish FollowWish
	// Why says what stood against it, and what to do; nil where nothing does.
	Why *Trouble
	// Session is the session's id where this computer follows it already: it is there to be
	// opened.
	Session string
}

// CanGoOn says that there is nothing to wait for, and something to go on with.
func (f *Fetching) CanGoOn() bool { return f.Usable && f.Away }

// Over says that nothing more comes of it.
func (a FollowAsked) Over() bool {
	return a.Stand == PairingDeclined || a.Stand == PairingExpired || a.Stand == PairingFailed
}

// Fetching is a session that is on its way here for the first time: nothing should be done
// in it before it is whole.
type Fetching struct {
	// Name is what the laptop is called from which it comes.
	Name string
	// Here is how many entries came so far, of All; 0 as long as that is not known.
	Here, All uint64
	// Away says that the laptop is out of reach now.
	Away bool
	// Usable says that it is known what the session is: what is here can be gone on with.
	Usable bool
}
