package seating

import (
	"fmt"
	"strconv"
	"strings"
)

// Rule is a kind of hard rule. The order of the constants is the order of keeping.
type Rule string

const (
	RuleSeats    Rule = "seats"    // everybody has a seat
	RuleSizes    Rule = "sizes"    // tables have between min and max people
	RuleLock     Rule = "lock"     // a person sits at their table
	RuleTogether Rule = "together" // people share a table
	RuleApart    Rule = "apart"    // two people do not share a table
	RuleNeed     Rule = "need"     // a table has enough people with a skill
)

// Why says what stands against a rule.
type Why string

const (
	// WhyFull: Have people for at most Want seats.
	WhyFull Why = "full"
	// WhyNoCount: Have people are fewer than the Want that fill these tables, and
	// fewer tables have too few seats or were not asked for.
	WhyNoCount Why = "no-count"
	// WhyAbsent: People are named by a rule and are not in the roster.
	WhyAbsent Why = "absent"
	// WhyNoTable: there is no table with the number in Tables.
	WhyNoTable Why = "no-table"
	// WhyTwoLocks: a person, or people kept together, are locked to different tables.
	WhyTwoLocks Why = "two-locks"
	// WhyTooLong: Have people are to be together, a table seats Want.
	WhyTooLong Why = "too-long"
	// WhyContradiction: people are to be apart and together, or apart and locked to
	// one table.
	WhyContradiction Why = "contradiction"
	// WhyClique: Have people are all to be apart from each other, at Want tables.
	WhyClique Why = "clique"
	// WhyTooFew: Have people have a skill where Want are needed.
	WhyTooFew Why = "too-few"
	// WhyNotFound: it may be possible, the search found no such plan.
	WhyNotFound Why = "not-found"
)

// Unmet is one rule that the plan does not keep, with the facts for a sentence.
type Unmet struct {
	Rule Rule
	Why  Why
	// People concerned, by id; nil where the rule is about nobody by name.
	People []ParticipantID
	// Tables concerned, from 1, ascending.
	Tables []int
	// Skill of a need, "" otherwise.
	Skill string
	// Have and Want are the numbers named at the Why; 0 where it names none.
	Have, Want int
}

// Impossible tells whether the rule was known before the search to be out of reach.
func (u Unmet) Impossible() bool { return u.Why != WhyNotFound }

// String is a plain English sentence without a full stop, for logs and a terminal.
// Screens make their own from the facts.
func (u Unmet) String() string {
	who := names(u.People)
	switch u.Why {
	case WhyFull:
		if u.Rule == RuleLock {
			return fmt.Sprintf("%d people locked to %s with %d seats: not kept for %s", u.Have, tableList(u.Tables), u.Want, who)
		}
		return fmt.Sprintf("%d people, %d seats: without a seat %s", u.Have, u.Want, who)
	case WhyNoCount:
		return fmt.Sprintf("%d people, %d are needed to fill the tables: too few at %s", u.Have, u.Want, tableList(u.Tables))
	case WhyAbsent:
		return fmt.Sprintf("rule %s: %s not in the roster", u.Rule, who)
	case WhyNoTable:
		return fmt.Sprintf("%s locked to %s, which does not exist", who, tableList(u.Tables))
	case WhyTwoLocks:
		return fmt.Sprintf("%s cannot be at %s at once", who, tableList(u.Tables))
	case WhyTooLong:
		return fmt.Sprintf("%d people are to sit together, a table seats %d: %s", u.Have, u.Want, who)
	case WhyContradiction:
		return fmt.Sprintf("%s are to be apart and at one table", who)
	case WhyClique:
		return fmt.Sprintf("%d people are all to be apart, there are %d tables: %s", u.Have, u.Want, who)
	case WhyTooFew:
		return fmt.Sprintf("%d people can %s, %d are needed: missing at %s", u.Have, u.Skill, u.Want, tableList(u.Tables))
	}
	switch u.Rule {
	case RuleNeed:
		return fmt.Sprintf("not enough people who can %s at %s", u.Skill, tableList(u.Tables))
	case RuleSizes:
		return fmt.Sprintf("too few people at %s", tableList(u.Tables))
	case RuleLock:
		return fmt.Sprintf("%s could not be kept at %s", who, tableList(u.Tables))
	}
	return fmt.Sprintf("rule %s not kept: %s", u.Rule, who)
}

func names(people []ParticipantID) string {
	words := make([]string, len(people))
	for i, p := range people {
		words[i] = string(p)
	}
	return strings.Join(words, ", ")
}

func tableList(tables []int) string {
	if len(tables) == 0 {
		return "no table"
	}
	words := make([]string, len(tables))
	for i, t := range tables {
		words[i] = strconv.Itoa(t)
	}
	return "table " + strings.Join(words, ", ")
}
