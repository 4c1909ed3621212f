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
};
