package moot

import (
	"encoding/hex"

	"folkmoot/sync/oplog"
)

// ParticipantID (pid) names a person who votes: 16 bytes, random or derived.
type ParticipantID [16]byte

// StatementID (sid) names a statement; it is the id of the item that made it.
type StatementID [16]byte

// PlanID names a group plan; it is the id of the item that made it.
type PlanID [16]byte

// StepID names a step of the agenda, "opinion" say.
type StepID string

// QuestionID names a 0–5 question.
type QuestionID string

// String gives the id as 32 hexadecimal digits.
func (id ParticipantID) String() string { return hex.EncodeToString(id[:]) }

// String gives the id as 32 hexadecimal digits.
func (id StatementID) String() string { return hex.EncodeToString(id[:]) }

// String gives the id as 32 hexadecimal digits.
func (id PlanID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText gives the id as 32 hexadecimal digits.
func (id ParticipantID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the id as 32 hexadecimal digits.
func (id StatementID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the id as 32 hexadecimal digits.
func (id PlanID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads 32 hexadecimal digits.
func (id *ParticipantID) UnmarshalText(text []byte) error { return oplog.ParseHex(id[:], string(text)) }

// UnmarshalText reads 32 hexadecimal digits.
func (id *StatementID) UnmarshalText(text []byte) error { return oplog.ParseHex(id[:], string(text)) }

// UnmarshalText reads 32 hexadecimal digits.
func (id *PlanID) UnmarshalText(text []byte) error { return oplog.ParseHex(id[:], string(text)) }

// IsZero says whether the id names nobody.
func (id ParticipantID) IsZero() bool { return id == ParticipantID{} }
