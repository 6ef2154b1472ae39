package look

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// FyneTexts are the texts of Fyne's own menus and file dialogs, by Fyne's keys, and the
// keys of the catalogue that say the same.
var FyneTexts = map[string]string{
	"Advanced": "fyne.advanced", "Cancel": "page.cancel", "Confirm": "fyne.confirm", "Copy": "fyne.copy", "Create Folder": "fyne.create_folder", "Cut": "fyne.cut",
	"Enter filename": "fyne.enter_filename", "Error": "fyne.error", "Favourites": "fyne.favourites", "File": "fyne.file", "Folder": "fyne.folder",
	"New Folder": "fyne.new_folder", "No": "fyne.no", "OK": "fyne.ok", "Open": "desk.open", "Paste": "fyne.paste", "Quit": "fyne.quit", "Redo": "fyne.redo",
	"Save": "host.set_save", "Select all": "fyne.select_all", "Show Hidden Files": "fyne.show_hidden", "Undo": "host.undo", "Yes": "fyne.yes",
	"file.name": "fyne.name", "file.parent": "fyne.parent",
}

// fyneLocales are the languages for which Fyne has texts of its own: whichever of them
// the system takes must say what the desk says.
var fyneLocales = []fyne.Locale{"en", "zh-Hans", "zh-TW", "cs", "de", "el", "es", "fr", "pl", "pt", "pt-BR", "ru", "sv", "ta", "uk"}

// SpeakFyne makes Fyne's own texts those of a style. Fyne chooses by the system's
// language, once: so all its languages are written over.
func SpeakFyne(s Style) {
	texts := map[string]string{}
	for theirs, ours := range FyneTexts {
		texts[theirs] = s.Say(ours)
	}
	data, err := json.Marshal(texts)
	if err != nil {
		panic("look: texts have no JSON: " + err.Error()) // a map of strings has
	}
	for _, locale := range fyneLocales {
		if err := lang.AddTranslationsForLocale(data, locale); err != nil {
			fyne.LogError("Fyne's texts", err)
		}
	}
}
