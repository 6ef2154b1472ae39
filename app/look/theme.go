package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"folkmoot/assets/font"
)

// Theme gives Fyne's own widgets (fields, lists, scroll bars, file dialogs) the
// palette and the typeface of a style.
func Theme(s Style) fyne.Theme { return themed{s} }

type themed struct{ style Style }

var (
	regular = fyne.NewStaticResource("folkmoot-regular.ttf", font.Regular)
	bold    = fyne.NewStaticResource("folkmoot-bold.ttf", font.Bold)
)

// Font gives the embedded typeface in every style: Fyne's own has no Chinese, and what
// the system offers instead differs from machine to machine.
func (t themed) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Bold:
		return bold
	}
	return regular
}

func (t themed) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

func (t themed) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	s := t.style
	switch name {
	case theme.ColorNameBackground:
		return s.Colour(Paper)
	case theme.ColorNameForeground:
		return s.Colour(Ink)
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return s.Colour(Quiet)
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return s.Colour(Action)
	case theme.ColorNameForegroundOnPrimary:
		return s.Colour(OnAction)
	case theme.ColorNameFocus, theme.ColorNameSelection:
		return faint(s.Colour(Action), 0x40)
	case theme.ColorNameHover, theme.ColorNamePressed:
		return faint(s.Colour(Action), 0x0C)
	case theme.ColorNameButton, theme.ColorNameDisabledButton, theme.ColorNameHeaderBackground:
		return s.Colour(Chosen)
	case theme.ColorNameInputBackground, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground:
		return s.Colour(Card)
	case theme.ColorNameInputBorder:
		return s.Colour(Quiet)
	case theme.ColorNameSeparator:
		return s.Colour(Line)
	case theme.ColorNameScrollBar:
		return faint(s.Colour(Quiet), 0x99)
	case theme.ColorNameScrollBarBackground:
		return color.Transparent
	case theme.ColorNameShadow:
		return s.Colour(Shade)
	case theme.ColorNameError, theme.ColorNameWarning:
		return s.Colour(WaitEdge) // nothing is lost: never red
	case theme.ColorNameSuccess:
		return s.Colour(Fine)
	}
	return theme.DefaultTheme().Color(name, t.variant())
}

func (t themed) variant() fyne.ThemeVariant {
	if t.style.Dark {
		return theme.VariantDark
	}
	return theme.VariantLight
}

func (t themed) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return Body
	case theme.SizeNameCaptionText:
		return Small
	case theme.SizeNameHeadingText:
		return Head
	case theme.SizeNameSubHeadingText:
		return Strong
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return Corner
	case theme.SizeNameInnerPadding:
		return 2 * Gap
	}
	return theme.DefaultTheme().Size(name)
}

// faint gives a colour with another opacity.
func faint(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
