package link

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// ErrImpostor: at an address answers a device with another key than the one that was
// pinned.
var ErrImpostor = errors.New("another device answers there")

type tlsState = tls.ConnectionState

// certificate gives a device's certificate, signed by itself: its key is all that counts,
// so its dates leave room for clocks that are years off.
func certificate(key ed25519.PrivateKey) (tls.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("link: make a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// keyOf gives the key of the other side of a connection.
func keyOf(state tlsState) (ed25519.PublicKey, error) {
	if len(state.PeerCertificates) != 1 {
		return nil, fmt.Errorf("link: %d certificates: %w", len(state.PeerCertificates), ErrImpostor)
	}
	key, ok := state.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("link: not an Ed25519 key: %w", ErrImpostor)
	}
	return key, nil
}

// base gives what both sides of a connection ask for. TLS itself proves that the other
// side has its certificate's key; who it is, the pin says.
func base(own tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13, NextProtos: []string{"h2"}, SessionTicketsDisabled: true}
}

// serverTLS lets in every device that has a key of the right kind.
func serverTLS(own tls.Certificate) *tls.Config {
	c := base(own)
	c.ClientAuth = tls.RequireAnyClientCert
	c.VerifyConnection = func(state tlsState) error { _, err := keyOf(state); return err }
	return c
}

// clientTLS talks to the device with a key only; with nil to any, whose key seen hears.
func clientTLS(own tls.Certificate, pin ed25519.PublicKey, seen func(ed25519.PublicKey)) *tls.Config {
	c := base(own)
	c.InsecureSkipVerify = true // no name and no authority is asked: VerifyConnection compares the key
	c.VerifyConnection = func(state tlsState) error {
		key, err := keyOf(state)
		switch {
		case err != nil:
			return err
		case pin != nil && !pin.Equal(key):
			return fmt.Errorf("link: %w", ErrImpostor)
		case seen != nil:
			seen(key)
		}
		return nil
	}
	return c
}
