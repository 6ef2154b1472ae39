// Package mapview paints the opinion map on desk and wall.
//
// Start with Map, the widget: New makes it, SetScene gives it a scene. Paint paints a scene
// into an image, with the shapes of package picture; NewMark gives the mark of a group for a legend.
//
// # Words
//
// A scene is the map's geometry as readmodel worked it out, in units: x from 0 to 1, y
// from 0 to 0.75, downwards. A Lens is the part of it that is looked at. A spot is a mark
// as it is painted just now, on its way or at its place. A tag is a group's label.
//
// # Concurrency
//
// A Map belongs to Fyne's thread. Paint is pure and may run anywhere.
//
// # What will bite
//
//   - Hulls and marks are one image: 2,000 canvas objects would take Fyne seconds. Only
//     tags and their leaders are canvas objects.
//   - The image is kept until something changes. Whatever changes what is painted has to
//     call changed.
//   - Places are only scaled, never moved: tags keep clear of marks because readmodel
//     left room for them, as long as they are no larger than that.
package mapview
