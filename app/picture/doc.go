// Package picture paints the opinion map: as pixels for the desk, a PNG, or a test, and
// as SVG. Everything that is no live page uses it, so that a map looks the same wherever
// it stands.
//
// Start with PaintScene, which paints a whole Picture with labels and lines into an image,
// and WriteSVG, which writes the same as SVG. Painter is for those who place marks
// themselves, as the desk's enlarged and moving map does.
//
// # Words
//
// A scene is the map's geometry as readmodel worked it out, in units: x from 0 to 1, y
// from 0 to 0.75, downwards. A Palette holds the colours. A Spot is a mark in pixels. It
// is hollow where its people stand between two groups, and soft (a disc around it) where
// its place is uncertain. A pill is the painted label of a group.
//
// # Concurrency
//
// A Painter belongs to one goroutine at a time. All else is pure.
//
// # What will bite
//
//   - Texts are drawn from the outlines of the embedded typeface, never from the
//     machine's: a picture has no text element and names no font.
//   - Places and radii of marks are kept to a quarter of a pixel, see Painter.Spot.
package picture
