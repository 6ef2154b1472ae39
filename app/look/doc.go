// Package look gives the screens their colours, sizes, typeface and small parts.
//
// Start with Style, the language and palette in which something is drawn; Theme, which
// gives them to Fyne's own widgets; and Text, Button, NewCard and the layouts (Column,
// Row, Wrap, Grid), of which screens are made.
//
// # Words
//
// A Role is what a colour is for. An object flows where its height follows from its
// width, as that of a text does; see HeightFor. The screens of a Style are made anew
// for another language or theme.
//
// # Concurrency
//
// Widgets belong to Fyne's thread. Palette, BreakLines and Contrast are pure.
//
// # What will bite
//
//   - Fyne asks an object for one least size, before it knows its width. What flows
//     must stand in the layouts of this package, and scroll in NewScroll.
//   - Colours are fixed when a part is made: nothing follows Fyne's theme by itself
//     but Fyne's own widgets.
package look
