package assets

import _ "embed"

// Icon is the program's sign as a PNG of 512 × 512 pixels. Nobody changes its bytes.
//
//go:embed icon.png
var Icon []byte
