"""The files of Dragoman's trained model; `dragoman_server.extract.classifier` loads them."""
