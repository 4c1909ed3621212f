/** What the page says about how well people come through, in English. */
export const networkEn = {
  reception: {
    label: "Pictures of the others",
    automatic: "As good as they come",
    saving: "Small, to save data",
    soundOnly: "None, sound only",
  },
  quality: {
    score: "quality (1 to 4.5)",
    marks: { fair: "Comes through with some trouble", bad: "Hardly comes through" },
    ownMarks: { fair: "The others see you with some trouble", bad: "The others hardly see you" },
    limitedBy: "because of",
    limits: {
      none: "nothing in particular",
      "my-uplink": "your network, outward",
      "my-downlink": "your network, inward",
      "their-uplink": "their network",
      "my-computer": "this computer",
    },
    because: (mark: string, limit: string) => `${mark}: ${limit}`,
  },
  networkCheck: {
    check: "Check the network",
    checking: "Measuring, for about three seconds …",
    failed: "The meeting's broker does not answer.",
    figures: (roundTripMs: number, jitterMs: number) => `To the broker and back: ${roundTripMs} ms, ± ${jitterMs} ms`,
    up: (mbps: string) => `Outward: at least ${mbps} Mbit/s`,
    down: (mbps: string) => `Inward: at least ${mbps} Mbit/s`,
    sending: {
      full: "The others will see you sharply.",
      smaller: "The others will see you, in a smaller picture.",
      sound: "The others will hear you; your picture will hardly come through.",
      none: "The network is too narrow for the others to hear you well.",
    },
    receiving: {
      full: "You will see the others sharply.",
      smaller: "You will see the others, in smaller pictures.",
      sound: "You will hear the others; their pictures will hardly come through.",
      none: "The network is too narrow to hear the others well.",
    },
    talking: {
      easy: "Talking will be easy.",
      delayed: "Answers will come with a noticeable delay.",
      hard: "Answers will come late: let each other finish.",
    },
  },
};
