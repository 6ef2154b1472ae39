package command

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// battery gives the charge of this computer's battery in per cent, and whether it has one.
func battery() (percent int, ok bool) { return batteryIn("/sys/class/power_supply") }

func batteryIn(folder string) (percent int, ok bool) {
	supplies, _ := filepath.Glob(filepath.Join(folder, "*"))
	for _, supply := range supplies {
		if supplySays(supply, "type") != "Battery" || supplySays(supply, "scope") == "Device" { // a mouse has one too
			continue
		}
		if n, err := strconv.Atoi(supplySays(supply, "capacity")); err == nil && n >= 0 && n <= 100 {
			return n, true
		}
	}
	return 0, false
}

func supplySays(supply, what string) string {
	data, err := os.ReadFile(filepath.Join(supply, what))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
