// Says in words that a passkey did not work; django-allauth by itself writes only to the console.
document.addEventListener("allauth.error", (event) => {
  const status = document.getElementById("passkey_status");
  if (!status) return;
  event.preventDefault();
  status.textContent =
    "Error: the passkey was not used. It was cancelled, timed out, or is not one we know. Try again.";
});
