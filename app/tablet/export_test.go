package tablet

import "fyne.io/fyne/v2/widget"

// Field gives Fyne's field behind one of the window's.
func (t *typing) Field() *widget.Entry { return &t.Entry }
