// Takes the meeting's link from behind this page's own #, where it is sent to no server, and gives it to the element or frame.
const meeting = document.getElementById("meeting");
const state = document.getElementById("state");
const link = decodeURI(location.hash.slice(1));

if (link === "") state.textContent = "Put the meeting's link behind a # in this page's address.";
else if (meeting instanceof HTMLIFrameElement) {
  // Options stand behind the link's fragment, after &.
  meeting.src = `${link}${link.includes("#") ? "" : "#"}&${meeting.dataset.options}`;
  addEventListener("message", ({ source, data }) => {
    if (source === meeting.contentWindow && data.type === "mqtt-meet") state.textContent = data.state;
  });
} else {
  meeting.addEventListener("mqtt-meet-state", ({ detail }) => {
    state.textContent = detail.state;
  });
  meeting.setAttribute("link", link);
}
