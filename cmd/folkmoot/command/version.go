package command

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"folkmoot/analysis/opinion"
)

// Version of the program.
const Version = "0.1.0"

// commit gives the revision that the program was built from, "" where the build
// does not say.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return ""
}

func (a *app) versionCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "version", Short: "Say which version this is", Args: nothing,
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				return a.printJSON(map[string]string{"version": Version, "commit": commit(), "go": runtime.Version(), "engine": opinion.EngineVersion})
			}
			from := ""
			if commit() != "" {
				from = ", commit " + commit()
			}
			a.say("Folkmoot %s%s, %s, map engine %s", Version, from, runtime.Version(), opinion.EngineVersion)
			return nil
		},
	}
	return a.jsonFlag(c)
}
