package intake_test

import (
	"testing"

	"folkmoot/app/intake"
)

func TestZonesFormat(t *testing.T) {
	java := intake.Zones{Style: intake.Java, Spans: []intake.Span{{0, -25200, "PDT"}, {1414918800000, -28800, "PST"}}}
	js := intake.Zones{Style: intake.JavaScript, Seconds: true, Spans: []intake.Span{{0, 20700, "Nepal Time"}}}
	tests := []struct {
		name  string
		zones intake.Zones
		ms    int64
		text  string
		stamp string
	}{
		{"Java, summer", java, 1414918799999, "Sun Nov 02 01:59:59 PDT 2014", "1414918799999"},
		{"Java, winter", java, 1414918800000, "Sun Nov 02 01:00:00 PST 2014", "1414918800000"},
		{"JavaScript", js, 1435654192085, "Tue Jun 30 2015 14:34:52 GMT+0545 (Nepal Time)", "1435654192"},
		{"JavaScript without a name", intake.Zones{Style: intake.JavaScript, Spans: []intake.Span{{0, -3600, ""}}}, 1435654192085, "Tue Jun 30 2015 07:49:52 GMT-0100", "1435654192085"},
		{"none", intake.Zones{Style: intake.NoDatetime}, 5, "", "5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zones, err := intake.ParseZones(tt.zones.String())
			if err != nil {
				t.Fatal(err)
			}
			if got := zones.Format(tt.ms); got != tt.text {
				t.Errorf("text %q, want %q", got, tt.text)
			}
			if got := zones.Timestamp(tt.ms); got != tt.stamp {
				t.Errorf("timestamp %q, want %q", got, tt.stamp)
			}
		})
	}
}

func TestParseZonesRefuses(t *testing.T) {
	for _, text := range []string{"", "java", "java h\n0 0 UTC", "java ms", "none ms\n0 0 UTC", "java ms\n5 0 UTC", "java ms\n0 0 A\n0 0 B", "java ms\n0 x A", "java ms\nx 0 A", "java ms\n0 99999 A", "cobol ms\n0 0 A"} {
		if z, err := intake.ParseZones(text); err == nil {
			t.Errorf("%q was read as %+v", text, z)
		}
	}
}

// A source that changed to winter time within the file.
func TestZonesOfAnExport(t *testing.T) {
	p, err := read(with(zipNew, "votes.csv", "timestamp,datetime,comment-id,voter-id,vote\n"+
		"1414918800000,Sun Nov 02 01:00:00 PST 2014,2,5,1\n1414918799999,Sun Nov 02 01:59:59 PDT 2014,2,9,1\n1414918790000,Sun Nov 02 01:59:50 PDT 2014,7,9,-1\n1414918900000,Sun Nov 02 01:01:40 PST 2014,7,5,-1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Zones.String(), "java ms\n0 -25200 PDT\n1414918800000 -28800 PST"; got != want || len(p.Warnings) > 0 {
		t.Errorf("zones %q, want %q; warnings %v", got, want, p.Warnings)
	}
}
