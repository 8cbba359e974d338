// Whose token does this credential hold? Made by exoalias, to be read and run by an admin in Scripts - Background.
// It reads one token record, writes nothing, sends nothing, and prints no token: only the ids of account and tenant in it.
(function () {
  var credential = "{{credential}}";
  var profile = "{{profile}}";
  var signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  var client, token, claims;

  function say(words) {
    gs.info("exoalias-answer 1 " + credential + " " + profile + " " + words);
  }

  function decoded(part) {
    var text = "", bits = 0, value = 0, at, sign;
    for (at = 0; at < part.length; at++) {
      sign = signs.indexOf(part.charAt(at));
      if (sign < 0) { return ""; }
      value = ((value << 6) | sign) & 0xffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        text += String.fromCharCode((value >> bits) & 255);
      }
    }
    return text;
  }

  try {
    client = typeof sn_auth === "undefined" ? new GlideOAuthClient() : new sn_auth.GlideOAuthClient();
    token = client.getToken(credential, profile);
    token = token ? String(token.getAccessToken() || "") : "";
  } catch (refused) {
    say("none not-allowed");
    return;
  }
  if (!token) {
    say("none no-token");
    return;
  }
  try {
    claims = JSON.parse(decoded(token.split(".")[1] || ""));
  } catch (opaque) {
    claims = null;
  }
  if (!claims || !guid.test(claims.oid) || !guid.test(claims.tid)) {
    say("none not-readable");
    return;
  }
  say(String(claims.oid) + " " + String(claims.tid));
})();
